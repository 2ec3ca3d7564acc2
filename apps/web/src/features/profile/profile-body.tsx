import { formatShare, pathTo, searchTree, shortName, type Origin } from '@lineage/pprof';
import { useMemo, useState, type ReactNode } from 'react';
import { useFormat, useTranslation } from '../../shared/i18n/index.ts';
import { useCommands } from '../../shared/keyboard/index.ts';
import { cx, Notice } from '../../shared/ui/index.ts';
import { FlameGraph } from './flame-graph.tsx';
import { FunctionTable } from './function-table.tsx';
import { originColours } from './paint-flame.ts';
import type { ProfileFacts, ProfileSlice } from './profile-messages.ts';
import css from './profile-view.module.css';
import { dearestNodeOf, placeOf } from './source-place.ts';
import { useIsDark } from '../../shared/ui/use-box.ts';
import { useKeptNode } from './use-kept-node.ts';

type Props = {
  /** What is shown: another one begins whole, while another slice of the same keeps its place in the tree. */
  of: string;
  /** Said of the drawing when it stands; null for what is no artifact. */
  artifactId: string | null;
  facts: ProfileFacts;
  slice: ProfileSlice;
  chooseType: (type: number) => void;
  /** Buttons for other profiles of the run; first among the tools. */
  choices?: ReactNode;
  /** What can be done with the file; last among the tools. */
  actions?: ReactNode;
  /** Between the tools and the drawing. */
  note?: ReactNode;
  /** Said when nothing was sampled. */
  emptyHint: string;
  onOpenSource?: ((file: string, line: number) => void) | undefined;
};

/** One profile that was read: its tools, and a flame graph or a table of functions. */
export function ProfileBody(props: Props) {
  const { of, artifactId, facts, slice, chooseType, choices, actions, note, emptyHint, onOpenSource } = props;
  const { t } = useTranslation('profile');
  const { t: app } = useTranslation('app');
  const { locale } = useFormat();
  const [query, setQuery] = useState('');
  const [zoom, setZoom] = useKeptNode(of, facts, slice.tree);
  const [isTable, setTable] = useState(false);
  const { tree } = slice;
  const share = useMemo(() => searchTree(tree, facts.functions, query).share, [tree, facts, query]);
  const open = (node: number): void => {
    const place = placeOf(tree, facts, node);
    if (place !== null) onOpenSource?.(place.file, place.line);
  };
  useCommands([
    {
      id: 'profile.view',
      name: t('toggleView'),
      keys: 't',
      group: app('command.group.view'),
      run: () => setTable(!isTable),
    },
  ]);
  return (
    <div className={css.view}>
      <div className={css.tools}>
        {choices}
        <span className={css.toggle} role="group" aria-label={t('toggleView')}>
          {[false, true].map((table) => (
            <button
              key={String(table)}
              type="button"
              aria-pressed={isTable === table}
              className={cx(css.choice, isTable === table && css.chosen)}
              onClick={() => setTable(table)}
            >
              {t(table ? 'table' : 'graph')}
            </button>
          ))}
        </span>
        {facts.sampleTypes.length > 1 && (
          <select
            className={css.select}
            aria-label={t('type')}
            value={slice.type}
            onChange={(event) => chooseType(Number(event.currentTarget.value))}
          >
            {facts.sampleTypes.map(({ type }, at) => (
              <option key={type} value={at}>
                {type}
              </option>
            ))}
          </select>
        )}
        <input
          type="search"
          className={css.search}
          value={query}
          aria-label={t('search')}
          placeholder={t('search')}
          onChange={(event) => setQuery(event.currentTarget.value)}
        />
        {query.trim() !== '' && (
          <span role="status">{t('matched', { share: formatShare(share, locale) })}</span>
        )}
        <span className={css.space} />
        {actions}
      </div>
      {note}
      {zoom > 0 && <Crumbs facts={facts} slice={slice} zoom={zoom} onZoom={setZoom} />}
      {slice.total === 0 ? (
        <Notice title={t('empty')}>
          <p>{emptyHint}</p>
        </Notice>
      ) : isTable ? (
        <FunctionTable
          facts={facts}
          slice={slice}
          query={query}
          onOpen={(id) => open(dearestNodeOf(tree, id))}
        />
      ) : (
        <>
          <FlameGraph
            key={`${of}/${slice.type}`}
            {...{ of, artifactId, facts, slice, query, zoom }}
            onZoom={setZoom}
            onOpen={open}
          />
          <Legend />
        </>
      )}
    </div>
  );
}

type CrumbsProps = { facts: ProfileFacts; slice: ProfileSlice; zoom: number; onZoom: (node: number) => void };

function Crumbs({ facts, slice: { tree }, zoom, onZoom }: CrumbsProps) {
  const { t } = useTranslation('profile');
  const path = [0, ...pathTo(tree, zoom)];
  return (
    <nav className={css.crumbs} aria-label={t('crumbs')}>
      {path.map((node) => (
        <button
          key={node}
          type="button"
          aria-current={node === zoom ? 'true' : undefined}
          onClick={() => onZoom(node)}
        >
          {node === 0 ? t('all') : shortName(facts.functions[tree.functionId[node] ?? 0] ?? '')}
        </button>
      ))}
    </nav>
  );
}

const origins: readonly Origin[] = ['program', 'std', 'runtime', 'module'];

function Legend() {
  const { t } = useTranslation('profile');
  const dark = useIsDark();
  return (
    <ul className={css.legend} aria-label={t('legend')}>
      {origins.map((origin) => (
        <li key={origin}>
          <span
            className={css.swatch}
            style={{ background: originColours[origin][dark ? 'dark' : 'light'][0] }}
            aria-hidden="true"
          />
          {t(`origin.${origin}`)}
        </li>
      ))}
      <li className={css.openHint}>{t('openHint')}</li>
    </ul>
  );
}
