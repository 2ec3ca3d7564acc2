import { useMemo } from 'react';
import { markdownToHtml } from './markdown-html.ts';

/** Markdown as text to read. */
export function Markdown({ text, className }: { text: string; className: string | undefined }) {
  // The HTML is micromark's, which passes neither raw HTML nor a dangerous address.
  const html = useMemo(() => ({ __html: markdownToHtml(text) }), [text]);
  return <div className={className} dangerouslySetInnerHTML={html} />;
}
