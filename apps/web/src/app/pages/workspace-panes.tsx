import { BookOpen, Code2, PanelBottom } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from '../../shared/i18n/index.ts';
import { useCommands } from '../../shared/keyboard/index.ts';
import { cx, Split } from '../../shared/ui/index.ts';
import { useMedia } from '../../shared/ui/use-media.ts';
import {
  fullLayout,
  isSeen,
  panes,
  parseLayout,
  toggled,
  usualLayout,
  type Pane,
  type PaneLayout,
} from './pane-layout.ts';
import css from './workspace-panes.module.css';

const PHONE = '(max-width: 720px)';
const icons = { lesson: BookOpen, code: Code2, dock: PanelBottom };
/** A lesson needs some words a line, an editor some columns, each pane some lines. */
const ACROSS = { first: 240, second: 360 };
const DOWN = { first: 120, second: 96 };

type Props = {
  /** The layout is kept under this key. */
  storageKey: string;
  /** The pane in front on a phone. */
  view: Pane;
  onView: (view: Pane) => void;
  lesson: ReactNode;
  code: ReactNode;
  dock: ReactNode;
  /** Beside the dock's name on a phone, where it may not be in front. */
  dockState: ReactNode;
};

/**
 * Three panes, resized by mouse and keyboard. Every pane stays mounted: a hidden editor keeps its connection. On a phone
 * one pane has the page.
 */
export function WorkspacePanes({ storageKey, view, onView, lesson, code, dock, dockState }: Props) {
  const { t } = useTranslation('app');
  const phone = useMedia(PHONE);
  const { kept, keep } = useKeptLayout(storageKey);
  const [chosen, setFull] = useState<Pane | null>(null);
  const full = phone ? view : chosen;
  const layout = full === null ? kept : fullLayout(full);
  const change = (next: PaneLayout): void => {
    setFull(null);
    keep(next);
  };
  usePaneCommands({
    layout,
    full: chosen,
    enabled: !phone,
    onFull: setFull,
    onToggle: (pane) => change(toggled(pane, layout)),
  });
  const pane = (name: Pane, content: ReactNode) => (
    <section className={css.pane} aria-label={t(`workspace.panes.${name}`)} inert={!isSeen(name, layout)}>
      {content}
    </section>
  );
  return (
    <div className={css.workspace}>
      <Split
        direction="row"
        size={layout.lesson}
        onSize={(size) => change({ ...layout, lesson: size })}
        usual={usualLayout.lesson}
        limits={ACROSS}
        label={t('workspace.resizeLesson')}
        first={pane('lesson', lesson)}
        second={
          <Split
            direction="column"
            size={layout.code}
            onSize={(size) => change({ ...layout, code: size })}
            usual={usualLayout.code}
            limits={DOWN}
            label={t('workspace.resizeDock')}
            first={pane('code', code)}
            second={pane('dock', dock)}
          />
        }
      />
      <div className={css.bar} role="group" aria-label={t('workspace.choosePane')}>
        {panes.map((name) => {
          const Icon = icons[name];
          return (
            <button
              key={name}
              type="button"
              className={cx(css.choice, name === view && css.chosen)}
              aria-pressed={name === view}
              onClick={() => onView(name)}
            >
              <Icon size={16} aria-hidden="true" /> {t(`workspace.panes.${name}`)}
              {name === 'dock' && dockState}
            </button>
          );
        })}
      </div>
    </div>
  );
}

function useKeptLayout(storageKey: string): { kept: PaneLayout; keep: (layout: PaneLayout) => void } {
  const [kept, setKept] = useState(() => parseLayout(localStorage.getItem(storageKey)));
  const keep = (layout: PaneLayout): void => {
    setKept(layout);
    localStorage.setItem(storageKey, JSON.stringify(layout));
  };
  return { kept, keep };
}

type PaneCommands = {
  layout: PaneLayout;
  full: Pane | null;
  enabled: boolean;
  onFull: (pane: Pane | null) => void;
  onToggle: (pane: 'lesson' | 'dock') => void;
};

function usePaneCommands({ layout, full, enabled, onFull, onToggle }: PaneCommands): void {
  const { t } = useTranslation('app');
  const group = t('command.group.workspace');
  const seen = { lesson: isSeen('lesson', layout), dock: isSeen('dock', layout) };
  useCommands([
    {
      id: 'pane.lesson',
      name: seen.lesson ? t('workspace.hideLesson') : t('workspace.showLesson'),
      keys: 'mod+b',
      group,
      enabled,
      run: () => onToggle('lesson'),
    },
    {
      id: 'pane.dock',
      name: seen.dock ? t('workspace.hideDock') : t('workspace.showDock'),
      keys: 'mod+j',
      group,
      enabled,
      run: () => onToggle('dock'),
    },
    ...panes.map((pane) => ({
      id: `pane.full.${pane}`,
      name: full === pane ? t('workspace.allPanes') : t(`workspace.full.${pane}`),
      group,
      enabled,
      run: () => onFull(full === pane ? null : pane),
    })),
  ]);
}
