import type { TraceView } from '@lineage/contracts';
import {
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
  type KeyboardEvent,
  type MouseEvent,
  type PointerEvent,
  type RefObject,
} from 'react';
import { useTranslation } from '../../../shared/i18n/index.ts';
import { useBox, useIsDark } from '../../../shared/ui/use-box.ts';
import { neighbour, spanAt, type Lane, type Span, type TraceContent } from './lanes.ts';
import { HEAD_PX, LANE_PX, paintTrace } from './paint-trace.ts';
import { moved, widthOf, zoomed, type Look, type Reach } from './reach.ts';
import css from './trace.module.css';
import type { TraceWords } from './use-trace-words.ts';

export type Spot = { readonly lane: number; readonly atMs: number };

type Props = {
  lanes: readonly Lane[];
  content: TraceContent;
  marks: TraceView['marks'];
  reach: Reach;
  endMs: number;
  words: TraceWords;
  spot: Spot;
  selected: Span | null;
  onSpot: (spot: Spot) => void;
  onLook: (look: Look) => void;
  onOpen: (span: Span) => void;
  /** Lanes in sight, and how wide they are drawn. */
  onSight: (first: number, last: number, widthPx: number) => void;
};

const ZOOM = 1.5;
/** A wheel's notch is some hundred pixels. */
const zoomOfWheel = (pixels: number): number => Math.exp(Math.max(-200, Math.min(200, pixels)) / 400);

/** Lanes over time on a canvas; a table says the same to those who cannot see it. */
export function TraceCanvas(props: Props) {
  const { lanes, content, marks, reach, endMs, words, spot, selected, onSpot, onLook, onOpen, onSight } =
    props;
  const { t } = useTranslation('trace');
  const canvas = useRef<HTMLCanvasElement>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const [scrollTop, setScrollTop] = useState(0);
  const { width, height } = useBox(scroller);
  const dark = useIsDark();
  const namePx = Math.min(190, Math.max(84, width * 0.2));
  const plotPx = Math.max(1, width - namePx);

  useLayoutEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d') ?? null;
    if (element === null || context === null || width === 0) return;
    const ratio = devicePixelRatio;
    element.width = Math.round(width * ratio);
    element.height = Math.round(height * ratio);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    paintTrace(context, {
      lanes,
      contentOf: (lane) => content.of(lane),
      nameOf: words.lane,
      goroutineName: words.goroutine,
      marks,
      reach,
      scrollTop,
      width,
      height,
      namePx,
      dark,
      focus: spot,
      selected,
      font: `12px ${getComputedStyle(element).fontFamily}`,
      timeOf: words.tick,
    });
  });
  const first = Math.max(0, Math.floor(scrollTop / LANE_PX));
  const last = Math.min(lanes.length - 1, Math.ceil((scrollTop + height) / LANE_PX));
  useEffect(() => onSight(first, last, plotPx), [onSight, first, last, plotPx]);

  const timeAt = (clientX: number): number => {
    const box = canvas.current?.getBoundingClientRect();
    return reach.fromMs + ((clientX - (box?.left ?? 0) - namePx) / plotPx) * widthOf(reach);
  };
  const spotAt = (event: { clientX: number; clientY: number }): Spot => {
    const box = canvas.current?.getBoundingClientRect();
    const lane = Math.floor((event.clientY - (box?.top ?? 0) - HEAD_PX + scrollTop) / LANE_PX);
    const atMs = Math.min(reach.toMs, Math.max(reach.fromMs, timeAt(event.clientX)));
    return { lane: Math.min(lanes.length - 1, Math.max(0, lane)), atMs };
  };
  const pan = (part: number): void => onLook(moved(reach, part * widthOf(reach), endMs));
  const zoom = (factor: number, atMs: number): void => onLook(zoomed(reach, factor, atMs, endMs));
  const pointers = usePointers({
    timeAt,
    onPan: (pixels) => onLook(moved(reach, (-pixels / plotPx) * widthOf(reach), endMs)),
    onPinch: zoom,
    onTap: (event) => onSpot(spotAt(event)),
  });
  /** A double click shows one span and somewhat around it. */
  const onDoubleClick = (event: MouseEvent): void => {
    const { lane, atMs } = spotAt(event);
    const shown = lanes[lane];
    const span = shown === undefined ? null : spanAt(content.of(shown).spans, atMs);
    if (span === null) return zoom(1 / ZOOM / ZOOM, atMs);
    onLook(zoomed(span, 1.4, (span.fromMs + span.toMs) / 2, endMs));
  };
  useWheel(canvas, (event) => {
    if (event.ctrlKey || event.metaKey) zoom(zoomOfWheel(event.deltaY), timeAt(event.clientX));
    else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY))
      pan((event.shiftKey && event.deltaX === 0 ? event.deltaY : event.deltaX) / plotPx);
    else return false;
    return true;
  });

  const toLane = (lane: number): void => {
    const next = Math.min(lanes.length - 1, Math.max(0, lane));
    onSpot({ ...spot, lane: next });
    const element = scroller.current;
    if (element === null) return;
    if (next * LANE_PX < element.scrollTop) element.scrollTop = next * LANE_PX;
    const room = height - HEAD_PX - LANE_PX;
    if (next * LANE_PX > element.scrollTop + room) element.scrollTop = next * LANE_PX - room;
  };
  const step = (way: 1 | -1): void => {
    const lane = lanes[spot.lane];
    const next = lane === undefined ? null : neighbour(content.of(lane).spans, spot.atMs, way);
    const atMs = next === null ? spot.atMs + (way * widthOf(reach)) / 20 : (next.fromMs + next.toMs) / 2;
    const kept = Math.min(endMs, Math.max(0, atMs));
    onSpot({ ...spot, atMs: kept });
    if (kept < reach.fromMs || kept > reach.toMs)
      onLook(moved(reach, kept - (reach.fromMs + reach.toMs) / 2, endMs));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const { key, shiftKey } = event;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (key === 'ArrowUp') toLane(spot.lane - 1);
    else if (key === 'ArrowDown') toLane(spot.lane + 1);
    else if (key === 'ArrowLeft' && shiftKey) pan(-0.2);
    else if (key === 'ArrowRight' && shiftKey) pan(0.2);
    else if (key === 'ArrowLeft') step(-1);
    else if (key === 'ArrowRight') step(1);
    else if (key === '+' || key === '=') zoom(1 / ZOOM, spot.atMs);
    else if (key === '-' || key === '_') zoom(ZOOM, spot.atMs);
    else if (key === '0' || key === 'Escape') onLook({ kind: 'all' });
    else if (key === 'Home') onLook(moved(reach, -endMs, endMs));
    else if (key === 'End') onLook({ kind: 'edge', widthMs: widthOf(reach) });
    else if ((key === 'o' || key === 'Enter') && selected !== null) onOpen(selected);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div
      ref={scroller}
      className={css.scroller}
      tabIndex={0}
      role="application"
      aria-label={t('canvas')}
      onKeyDown={onKeyDown}
      onScroll={(event) => setScrollTop(event.currentTarget.scrollTop)}
    >
      <div style={{ height: HEAD_PX + lanes.length * LANE_PX }} className={css.full}>
        <canvas
          ref={canvas}
          className={css.canvas}
          style={{ width, height }}
          onDoubleClick={onDoubleClick}
          {...pointers}
        />
      </div>
    </div>
  );
}

type Pointers = {
  timeAt: (clientX: number) => number;
  onPan: (pixels: number) => void;
  /** Two fingers: how much less is to be seen, around which moment. */
  onPinch: (factor: number, atMs: number) => void;
  onTap: (event: PointerEvent) => void;
};

const TAP_PX = 4;

/** One pointer moves along, two zoom, and one that hardly moved has pointed at something. */
function usePointers({ timeAt, onPan, onPinch, onTap }: Pointers) {
  const held = useRef(new Map<number, { x: number; movedPx: number }>());
  const onPointerDown = (event: PointerEvent<HTMLCanvasElement>): void => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    held.current.set(event.pointerId, { x: event.clientX, movedPx: 0 });
  };
  const onPointerMove = (event: PointerEvent<HTMLCanvasElement>): void => {
    const own = held.current.get(event.pointerId);
    if (own === undefined) return;
    const [other] = [...held.current].flatMap(([id, one]) => (id === event.pointerId ? [] : [one]));
    const byPx = event.clientX - own.x;
    own.movedPx += Math.abs(byPx);
    if (other !== undefined) {
      const [before, now] = [Math.abs(own.x - other.x), Math.abs(event.clientX - other.x)];
      if (before > 8 && now > 8) onPinch(before / now, timeAt((event.clientX + other.x) / 2));
    } else if (own.movedPx > TAP_PX) onPan(byPx);
    own.x = event.clientX;
  };
  const onPointerUp = (event: PointerEvent<HTMLCanvasElement>): void => {
    const own = held.current.get(event.pointerId);
    held.current.delete(event.pointerId);
    if (own !== undefined && own.movedPx <= TAP_PX && held.current.size === 0) onTap(event);
  };
  const onPointerCancel = (event: PointerEvent): void => void held.current.delete(event.pointerId);
  return { onPointerDown, onPointerMove, onPointerUp, onPointerCancel };
}

/** The wheel, with the page kept where it is when `onWheel` took it. React's own listener could not keep it. */
function useWheel(element: RefObject<HTMLElement | null>, onWheel: (event: WheelEvent) => boolean): void {
  const latest = useRef(onWheel);
  useLayoutEffect(() => {
    latest.current = onWheel;
  });
  useEffect(() => {
    const watched = element.current;
    const listen = (event: WheelEvent): void => {
      if (latest.current(event)) event.preventDefault();
    };
    watched?.addEventListener('wheel', listen, { passive: false });
    return () => watched?.removeEventListener('wheel', listen);
  }, [element]);
}
