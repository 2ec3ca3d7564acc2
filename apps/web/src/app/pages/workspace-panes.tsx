import { useMediaQuery } from '@mantine/hooks';
import { BookOpen, Code2, PanelBottom } from 'lucide-react';
import { useEffect, useEffectEvent, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Group, Panel, Separator, useGroupRef } from 'react-resizable-panels';
import { useCommands } from '../../shared/keyboard/index.ts';
import { cx } from '../../shared/ui/index.ts';
import {
  defaultLayout,
  fullLayout,
  isSeen,
  panes,
  parseLayout,
  type Pane,
  type PaneLayout,
} from './pane-layout.ts';
import css from './workspace-panes.module.css';

const PHONE = '(max-width: 720px)';
const icons = { lesson: BookOpen, code: Code2, dock: PanelBottom };

type Props = {
  /** The layout is kept under this key. */
  storageKey: string;
  /** The pane in front on a phone. */
  view: Pane;
  onView: (view: Pane) => void;
  lesson: ReactNode;
  code: ReactNode;
  dock: ReactNode;
};

/**
 * Three panes, resized by mouse and keyboard. Every pane stays mounted: a hidden editor keeps its connection. On a phone
 * one pane has the page.
 */
export function WorkspacePanes({ storageKey, view, onView, lesson, code, dock }: Props) {
  const { t } = useTranslation('app');
  const phone = useMediaQuery(PHONE, matchMedia(PHONE).matches);
  const { outer, inner, layout, start, keep, full, setFull, toggle } = usePaneLayout(
    storageKey,
    phone ? view : null,
  );
  const group = t('command.group.workspace');
  useCommands([
    {
      id: 'pane.lesson',
      name: isSeen('lesson', layout) ? t('workspace.hideLesson') : t('workspace.showLesson'),
      keys: 'mod+b',
      group,
      enabled: !phone,
      run: () => toggle('lesson'),
    },
    {
      id: 'pane.dock',
      name: isSeen('dock', layout) ? t('workspace.hideDock') : t('workspace.showDock'),
      keys: 'mod+j',
      group,
      enabled: !phone,
      run: () => toggle('dock'),
    },
    ...panes.map((pane) => ({
      id: `pane.full.${pane}`,
      name: full === pane ? t('workspace.allPanes') : t(`workspace.full.${pane}`),
      group,
      enabled: !phone,
      run: () => setFull(full === pane ? null : pane),
    })),
  ]);
  return (
    <div className={css.workspace}>
      <Group
        groupRef={outer}
        className={css.outer}
        defaultLayout={start.outer}
        onLayoutChange={(sizes) => keep('outer', sizes)}
      >
        <Panel id="lesson" minSize="220px" collapsible collapsedSize="0%">
          <section
            className={css.pane}
            aria-label={t('workspace.panes.lesson')}
            inert={!isSeen('lesson', layout)}
          >
            {lesson}
          </section>
        </Panel>
        <Separator className={cx(css.separator, css.vertical)} aria-label={t('workspace.resizeLesson')} />
        <Panel id="main" minSize="320px" collapsible collapsedSize="0%">
          <Group
            groupRef={inner}
            orientation="vertical"
            defaultLayout={start.inner}
            onLayoutChange={(sizes) => keep('inner', sizes)}
          >
            <Panel id="code" minSize="120px" collapsible collapsedSize="0%">
              <section
                className={css.pane}
                aria-label={t('workspace.panes.code')}
                inert={!isSeen('code', layout)}
              >
                {code}
              </section>
            </Panel>
            <Separator className={cx(css.separator, css.horizontal)} aria-label={t('workspace.resizeDock')} />
            <Panel id="dock" minSize="96px" collapsible collapsedSize="0%">
              <section
                className={css.pane}
                aria-label={t('workspace.panes.dock')}
                inert={!isSeen('dock', layout)}
              >
                {dock}
              </section>
            </Panel>
          </Group>
        </Panel>
      </Group>
      <div className={css.bar} role="group" aria-label={t('workspace.choosePane')}>
        {panes.map((pane) => {
          const Icon = icons[pane];
          return (
            <button
              key={pane}
              type="button"
              className={cx(css.choice, pane === view && css.chosen)}
              aria-pressed={pane === view}
              onClick={() => onView(pane)}
            >
              <Icon size={16} aria-hidden="true" /> {t(`workspace.panes.${pane}`)}
            </button>
          );
        })}
      </div>
    </div>
  );
}

/** The layout: kept when a person changes it, overruled while one pane is full. */
function usePaneLayout(storageKey: string, only: Pane | null) {
  const outer = useGroupRef();
  const inner = useGroupRef();
  const [kept, setKept] = useState(() => parseLayout(localStorage.getItem(storageKey)));
  const [chosen, setFull] = useState<Pane | null>(null);
  const full = only ?? chosen;
  const [layout, setLayout] = useState<PaneLayout>(() => (full === null ? kept : fullLayout(full)));
  const [start] = useState(layout);
  const apply = useEffectEvent((pane: Pane | null) => {
    const next = pane === null ? kept : fullLayout(pane);
    outer.current?.setLayout(next.outer);
    inner.current?.setLayout(next.inner);
  });
  useEffect(() => apply(full), [full]);
  const keep = (part: 'outer' | 'inner', sizes: Record<string, number>): void => {
    const next = { ...layout, [part]: sizes } as PaneLayout;
    setLayout((old) => ({ ...old, [part]: sizes }) as PaneLayout);
    if (full !== null) return;
    setKept(next);
    localStorage.setItem(storageKey, JSON.stringify(next));
  };
  const toggle = (pane: 'lesson' | 'dock'): void => {
    setFull(null);
    const seen = isSeen(pane, layout);
    if (pane === 'lesson') outer.current?.setLayout(seen ? fullLayout('code').outer : defaultLayout.outer);
    else inner.current?.setLayout(seen ? fullLayout('code').inner : defaultLayout.inner);
  };
  return { outer, inner, layout, start, keep, full, setFull, toggle };
}
