import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

/** Colours of Go in both themes: the browser picks by the page's colour scheme. Contrast at least 4.5:1 on each surface. */
const go = HighlightStyle.define([
  { tag: [tags.keyword, tags.modifier], color: 'light-dark(#9a2594, #d79bf5)' },
  { tag: [tags.string, tags.character], color: 'light-dark(#0b6b3a, #8fd6a4)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'light-dark(#a1430a, #f2ab79)' },
  { tag: [tags.comment], color: 'light-dark(#5d6875, #8f9aa8)', fontStyle: 'normal' },
  { tag: [tags.typeName, tags.standard(tags.typeName)], color: 'light-dark(#0b6b80, #6fd0e4)' },
  {
    tag: [tags.function(tags.variableName), tags.function(tags.propertyName)],
    color: 'light-dark(#1f57b8, #8db8fb)',
  },
  { tag: [tags.operator, tags.punctuation], color: 'var(--ln-text-dim)' },
]);

const look = EditorView.theme({
  '&': {
    height: '100%',
    fontSize: 'var(--ln-size-code)',
    color: 'var(--ln-text)',
    backgroundColor: 'var(--ln-surface)',
  },
  '&.cm-focused': { outline: 'none' },
  '&.cm-reading, &.cm-reading .cm-gutters': { backgroundColor: 'var(--ln-bg)' },
  '&.cm-reading .cm-cursor': { borderLeftColor: 'var(--ln-text-dim)', borderLeftWidth: '1px' },
  '.cm-scroller': { fontFamily: 'var(--ln-font-code)', fontFeatureSettings: "'calt' 0", lineHeight: '1.55' },
  '.cm-content': { caretColor: 'var(--ln-accent)', padding: '8px 0' },
  '.cm-cursor, .cm-dropCursor': { borderLeftColor: 'var(--ln-accent)', borderLeftWidth: '2px' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'color-mix(in srgb, var(--ln-accent-fill) 32%, transparent)',
  },
  '.cm-gutters': { backgroundColor: 'var(--ln-surface)', color: 'var(--ln-text-dim)', border: 'none' },
  '.cm-activeLine, .cm-activeLineGutter': {
    backgroundColor: 'color-mix(in srgb, var(--ln-hover) 60%, transparent)',
  },
  '.cm-matchingBracket': { outline: '1px solid var(--ln-border-strong)', backgroundColor: 'transparent' },
  '.cm-searchMatch': { backgroundColor: 'var(--ln-warn-soft)', outline: '1px solid var(--ln-warn)' },
  '.cm-panels': {
    backgroundColor: 'var(--ln-raised)',
    color: 'var(--ln-text)',
    borderColor: 'var(--ln-border)',
  },
  '.cm-panels.cm-panels-top': { borderBottom: '1px solid var(--ln-border)' },
  '.cm-panel.cm-search, .cm-panel.cm-gotoLine': {
    padding: '4px 36px 4px 10px',
    fontFamily: 'var(--ln-font)',
    fontSize: 'var(--ln-size)',
  },
  '.cm-panel.cm-search label': {
    display: 'inline-flex',
    alignItems: 'center',
    gap: '4px',
    fontSize: 'inherit',
  },
  '.cm-panel.cm-search input, .cm-panel.cm-search button, .cm-panel.cm-search label': {
    margin: '2px 6px 2px 0',
  },
  '.cm-textfield': {
    minHeight: '26px',
    padding: '0 8px',
    border: '1px solid var(--ln-border-strong)',
    borderRadius: 'var(--ln-radius-small)',
    backgroundColor: 'var(--ln-bg)',
    fontSize: 'inherit',
  },
  '.cm-button': {
    minHeight: '26px',
    padding: '0 10px',
    border: '1px solid var(--ln-border)',
    borderRadius: 'var(--ln-radius-small)',
    background: 'var(--ln-surface)',
    fontSize: 'inherit',
    cursor: 'pointer',
  },
  '.cm-button:hover': { background: 'var(--ln-hover)' },
  '.cm-button:active': { backgroundImage: 'none' },
  '.cm-panel.cm-search [name=close], .cm-panel.cm-gotoLine [name=close]': {
    top: '6px',
    right: '6px',
    width: '26px',
    height: '26px',
    borderRadius: 'var(--ln-radius-small)',
    color: 'var(--ln-text-dim)',
    fontSize: '16px',
    cursor: 'pointer',
  },
  '.cm-searchMatch.cm-searchMatch-selected': {
    backgroundColor: 'color-mix(in srgb, var(--ln-warn) 45%, transparent)',
  },
  '.cm-tooltip': {
    backgroundColor: 'var(--ln-raised)',
    color: 'var(--ln-text)',
    border: '1px solid var(--ln-border)',
    boxShadow: 'var(--ln-shadow)',
  },
  '.cm-diagnostic-error': { borderLeftColor: 'var(--ln-bad)' },
});

export const editorTheme: Extension = [look, syntaxHighlighting(go)];
