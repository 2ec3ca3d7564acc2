import { MOST_TRACE_LANES, runIdSchema, type Artifact } from '@lineage/contracts';
import { ChartGantt, Download, Maximize2, Minus, Plus, Radio } from 'lucide-react';
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from '../../../shared/i18n/index.ts';
import { useCommands } from '../../../shared/keyboard/index.ts';
import { buttonClass, ErrorNotice, IconButton, Notice, Skeleton } from '../../../shared/ui/index.ts';
import { Pills } from '../../../shared/ui/pills.tsx';
import type { Source } from '../output-line.tsx';
import {
  lanesOf,
  nameOfGoroutine,
  restOf,
  spanAt,
  tileAt,
  TraceContent,
  type Lane,
  type LaneMode,
  type Span,
} from './lanes.ts';
import { letters, stateColours } from './paint-trace.ts';
import { reachOf, widthOf, zoomed, type Look, type Reach } from './reach.ts';
import { TraceCanvas, type Spot } from './trace-canvas.tsx';
import { TraceTable } from './trace-table.tsx';
import css from './trace.module.css';
import { useTraceOverview, useTraceView, type TraceExtent } from './use-trace.ts';
import { useTraceWords, type TraceWords } from './use-trace-words.ts';
import { useIsDark } from '../../../shared/ui/use-box.ts';

type Props = {
  runId: string;
  extent: TraceExtent | null;
  /** The trace as Go's own tools read it; undefined until the run has ended. */
  file: Artifact | undefined;
  isLive: boolean;
  source: Source;
};

/** The execution trace of a run while it goes on and afterwards; a part of it is loaded when it is looked at. */
export function TracePane({ runId, extent, file, isLive, source }: Props) {
  const { t } = useTranslation('trace');
  if (extent === null)
    return isLive ? (
      <div className={css.waiting}>
        <p>{t('waiting')}</p>
        <Skeleton rows={[100, 80, 60]} />
      </div>
    ) : (
      <Notice icon={<ChartGantt />} title={t('none')}>
        <p>{t('noneHint')}</p>
      </Notice>
    );
  return <Shown key={runId} {...{ runId, extent, file, isLive, source }} />;
}

type ShownProps = Props & { extent: TraceExtent };

/** Lanes above and below the screen that are loaded too. */
const SPARE_LANES = 8;

function Shown({ runId, extent, file, isLive, source }: ShownProps) {
  const { t } = useTranslation('trace');
  const { t: app } = useTranslation('app');
  const id = runIdSchema.parse(runId);
  const [mode, setMode] = useState<LaneMode>('goroutines');
  const [isTable, setTable] = useState(false);
  const [look, setLook] = useState<Look>({ kind: 'all' });
  const [spot, setSpot] = useState<Spot>({ lane: 0, atMs: 0 });
  const [sight, setSight] = useState({ first: 0, last: 30, widthPx: 800 });
  const onSight = useCallback(
    (first: number, last: number, widthPx: number) => setSight({ first, last, widthPx }),
    [],
  );
  const overview = useTraceOverview(id, extent, isLive);
  const known = overview.data;
  const endMs = Math.max(known?.toMs ?? 0, 0.1);
  const reach = reachOf(look, endMs);
  const lanes = useMemo(() => (known === undefined ? [] : lanesOf(known, mode)), [known, mode]);
  const goroutines = inSight(lanes, sight);
  const view = useTraceView(
    id,
    { reach, widthPx: sight.widthPx, goroutines },
    known === undefined ? null : endMs,
  );
  const content = useMemo(() => new TraceContent(view.data), [view.data]);
  const names = useMemo(
    () => new Map(known?.goroutines.map((one) => [one.id, nameOfGoroutine(one)])),
    [known],
  );
  const words = useTraceWords((one) => names.get(one) ?? '');
  useCommands([
    {
      id: 'trace.view',
      name: t('toggleView'),
      keys: 't',
      group: app('command.group.view'),
      run: () => setTable(!isTable),
    },
  ]);
  if (known === undefined)
    return overview.error === null ? (
      <div className={css.waiting}>
        <Skeleton rows={[100, 80, 60]} />
      </div>
    ) : (
      <ErrorNotice level={2} error={overview.error} onRetry={() => void overview.refetch()} />
    );
  const lane = lanes[spot.lane];
  const selected =
    lane === undefined
      ? null
      : spanAt(content.of(lane).spans, spot.atMs, (3 / sight.widthPx) * widthOf(reach));
  const onOpen = ({ call }: Span): void => {
    if (call !== null && source.has(call.path)) source.open(call.path, call.line);
  };
  const marks = view.data?.marks ?? [];
  const zoomAtSpot = (factor: number): void =>
    setLook(zoomed(reach, factor, middle(reach, spot.atMs), endMs));
  return (
    <div className={css.view}>
      <div className={css.tools}>
        <Pills
          label={t('layout')}
          items={(['goroutines', 'processors'] as const).map((one) => ({ id: one, name: t(`mode.${one}`) }))}
          chosen={mode}
          onChoose={(one) => {
            setMode(one === 'processors' ? one : 'goroutines');
            setSpot({ ...spot, lane: 0 });
          }}
        />
        <Pills
          label={t('view')}
          items={[
            { id: 'graph', name: t('graph') },
            { id: 'table', name: t('table') },
          ]}
          chosen={isTable ? 'table' : 'graph'}
          onChoose={(one) => setTable(one === 'table')}
        />
        <span className={css.space} />
        <IconButton name={t('zoomIn')} onClick={() => zoomAtSpot(1 / 2)}>
          <Plus size={14} aria-hidden="true" />
        </IconButton>
        <IconButton name={t('zoomOut')} onClick={() => zoomAtSpot(2)}>
          <Minus size={14} aria-hidden="true" />
        </IconButton>
        <IconButton name={t('whole')} onClick={() => setLook({ kind: 'all' })}>
          <Maximize2 size={14} aria-hidden="true" />
        </IconButton>
        {isLive && (
          <IconButton
            name={t('follow')}
            aria-pressed={look.kind === 'edge'}
            onClick={() => setLook({ kind: 'edge', widthMs: Math.min(widthOf(reach), 5000) })}
          >
            <Radio size={14} aria-hidden="true" />
          </IconButton>
        )}
        {file !== undefined && (
          <a className={buttonClass('quiet')} href={`/api/artifacts/${file.id}/content`} download={file.name}>
            <Download size={14} aria-hidden="true" /> {t('download')}
          </a>
        )}
      </div>
      <Notes {...{ known, isCut: view.data?.spansCut === true }} />
      {isTable ? (
        <TraceTable
          {...{ lanes, content, marks, reach, words, source }}
          chosen={spot.lane}
          onChoose={(at) => {
            setSpot({ ...spot, lane: at });
            setSight({ ...sight, first: at, last: at + 1 });
          }}
        />
      ) : (
        <>
          <TraceCanvas
            {...{ lanes, content, marks, reach, endMs, words, spot, selected, onOpen, onSight }}
            onSpot={setSpot}
            onLook={setLook}
          />
          <Sentence {...{ lane, spot, content, selected, words, source }} />
          <Legend />
        </>
      )}
    </div>
  );
}

/** Of zooming by a button: the spot when it is in sight, else the middle. */
const middle = ({ fromMs, toMs }: Reach, atMs: number): number =>
  atMs > fromMs && atMs < toMs ? atMs : (fromMs + toMs) / 2;

/** Goroutines whose lanes are in sight, in blocks, so that a little scrolling asks for nothing new. */
function inSight(lanes: readonly Lane[], { first, last }: { first: number; last: number }): number[] {
  const from = Math.floor(Math.max(0, first - 1) / SPARE_LANES) * SPARE_LANES;
  const to = Math.min(from + MOST_TRACE_LANES, Math.ceil((last + 1) / SPARE_LANES) * SPARE_LANES + 1);
  return lanes.slice(from, to).flatMap((lane) => (lane.kind === 'goroutine' ? [lane.id] : []));
}

type NotesProps = { known: { spansLeftOut: number; goroutinesLeftOut: number }; isCut: boolean };

/** What is not there, in words. */
function Notes({ known: { spansLeftOut, goroutinesLeftOut }, isCut }: NotesProps) {
  const { t } = useTranslation('trace');
  const notes = [
    isCut ? t('cut') : '',
    spansLeftOut > 0 ? t('leftOut', { count: spansLeftOut }) : '',
    goroutinesLeftOut > 0 ? t('goroutinesLeftOut', { count: goroutinesLeftOut }) : '',
  ].filter((note) => note !== '');
  if (notes.length === 0) return null;
  return (
    <p className={css.note} role="status">
      {notes.join(' ')}
    </p>
  );
}

type SentenceProps = {
  lane: Lane | undefined;
  spot: Spot;
  content: TraceContent;
  selected: Span | null;
  words: TraceWords;
  source: Source;
};

/** What is under the cursor, and the way to its line. */
function Sentence({ lane, spot, content, selected, words, source }: SentenceProps) {
  const { t } = useTranslation('trace');
  if (lane === undefined) return null;
  const tile = tileAt(content.of(lane).tiles, spot.atMs);
  const rest = restOf(lane, spot.atMs);
  const said =
    selected !== null
      ? words.span(selected)
      : tile !== null
        ? words.sum(lane, tile, tile.fromMs, tile.toMs - tile.fromMs)
        : rest === null
          ? t('nothing', { who: words.lane(lane) })
          : t('rest', { who: words.lane(lane), state: t(`state.${rest}`) });
  const call = selected?.call ?? null;
  const started = lane.kind === 'goroutine' ? lane.goroutine.createdBy : null;
  return (
    <div className={css.sentence}>
      <span aria-live="polite">{said}</span>
      {call !== null && source.has(call.path) && (
        <button type="button" className={css.link} onClick={() => source.open(call.path, call.line)}>
          {t('openLine', { place: words.place(call) })}
        </button>
      )}
      {started !== null && source.has(started.path) && (
        <button type="button" className={css.link} onClick={() => source.open(started.path, started.line)}>
          {t('startedAt', { place: words.place(started) })}
        </button>
      )}
    </div>
  );
}

function Legend() {
  const { t } = useTranslation('trace');
  const dark = useIsDark();
  return (
    <ul className={css.legend} aria-label={t('legend')}>
      {(['running', 'runnable', 'syscall', 'waiting'] as const).map((state) => (
        <li key={state}>
          <span
            className={css.swatch}
            data-state={state}
            style={{ backgroundColor: stateColours[dark ? 'dark' : 'light'][state] }}
            aria-hidden="true"
          >
            {letters[state]}
          </span>
          {t(`state.${state}`)}
        </li>
      ))}
    </ul>
  );
}
