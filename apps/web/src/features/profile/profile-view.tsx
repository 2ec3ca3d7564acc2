import type { Artifact } from '@lineage/contracts';
import { formatShare, pathTo, searchTree, shortName, type Origin } from '@lineage/pprof';
import { useMemo, useState, type ReactNode } from 'react';
import { useFormat, useTranslation } from '../../shared/i18n/index.ts';
import { useCommands } from '../../shared/keyboard/index.ts';
import { cx, ErrorNotice, Notice, Skeleton } from '../../shared/ui/index.ts';
import { FlameGraph } from './flame-graph.tsx';
import { FunctionTable } from './function-table.tsx';
import { originColours } from './paint-flame.ts';
import { ProfileFileActions } from './profile-file-actions.tsx';
import type { ProfileFacts, ProfileSlice } from './profile-messages.ts';
import css from './profile-view.module.css';
import { dearestNodeOf, placeOf } from './source-place.ts';
import { useIsDark } from './use-box.ts';
import { useProfile } from './use-profile.ts';

type Props = {
  artifact: Artifact;
  /** Buttons for the other profiles of the run; first among the tools. */
  choices?: ReactNode;
  onOpenSource?: (file: string, line: number) => void;
};

/** A profile as a flame graph or as a table, with what is needed to look on with other tools. */
export function ProfileView({ artifact, choices, onOpenSource }: Props) {
  const { t } = useTranslation('profile');
  const { of, facts, slice, problem, error, chooseType } = useProfile(artifact);
  if (error !== null) return <ErrorNotice level={2} error={error} />;
  if (problem !== null)
    return (
      <Notice tone="bad" title={t('problem')} actions={<ProfileFileActions artifact={artifact} />}>
        <p>
          {t(`problemOf.${problem}`)} {t('problemHint')}
        </p>
      </Notice>
    );
  if (of === null || facts === null || slice === null)
    return (
      <div className={css.waiting} aria-label={t('loading')}>
        <Skeleton rows={[100, 90, 70, 40]} />
      </div>
    );
  return (
    <Shown
      {...{ artifact, choices, of, facts, slice, chooseType }}
      {...(onOpenSource === undefined ? {} : { onOpenSource })}
    />
  );
}

type ShownProps = Props & {
  of: string;
  facts: ProfileFacts;
  slice: ProfileSlice;
  chooseType: (type: number) => void;
};

function Shown({ artifact, choices, of, facts, slice, chooseType, onOpenSource }: ShownProps) {
  const { t } = useTranslation('profile');
  const { t: app } = useTranslation('app');
  const { locale } = useFormat();
  const [query, setQuery] = useState('');
  // A zoom is of one slice: another type or profile begins whole.
  const [zoomed, setZoomed] = useState({ slice, node: 0 });
  const zoom = zoomed.slice === slice ? zoomed.node : 0;
  const setZoom = (node: number): void => setZoomed({ slice, node });
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
        <ProfileFileActions artifact={artifact} />
      </div>
      {artifact.truncated && <p className={css.note}>{t('truncated')}</p>}
      {zoom > 0 && <Crumbs facts={facts} slice={slice} zoom={zoom} onZoom={setZoom} />}
      {slice.total === 0 ? (
        <Notice title={t('empty')}>
          <p>{t('emptyHint')}</p>
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
            artifactId={of}
            {...{ facts, slice, query, zoom }}
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
