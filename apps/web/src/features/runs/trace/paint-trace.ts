import type { TraceView } from '@lineage/contracts';
import type { Lane, LaneContent, Span, Tile } from './lanes.ts';
import { ticksOf, widthOf, type Reach } from './reach.ts';

/** Height of a lane; a target that a finger meets. */
export const LANE_PX = 24;
export const AXIS_PX = 22;
/** The row under the axis: collections, pauses, tasks and what the program logged. */
export const MARKS_PX = 18;
export const HEAD_PX = AXIS_PX + MARKS_PX;
const PAD_PX = 3;
/** Above this, labels take longer than a frame lasts. */
const MAX_LABELS = 400;
const MIN_LABEL_PX = 14;

export type DrawnState = 'running' | 'runnable' | 'syscall' | 'waiting';
/** From the bottom of a lane up. */
const stacked: readonly DrawnState[] = ['running', 'syscall', 'runnable'];
/** What stands on a span besides its colour. */
export const letters: Readonly<Record<DrawnState, string>> = {
  running: 'R',
  runnable: 'Q',
  syscall: 'S',
  waiting: 'W',
};
/** Okabe and Ito's palette, as in the flame graph; lightness differs too, and each but running has a pattern. */
export const stateColours: Record<'light' | 'dark', Readonly<Record<DrawnState, string>>> = {
  light: { running: '#8fd3bd', runnable: '#f2b57a', syscall: '#93c5ea', waiting: '#dfe4ea' },
  dark: { running: '#1d7f63', runnable: '#b0651f', syscall: '#2a6ba0', waiting: '#2a323d' },
};

export type Scene = {
  readonly lanes: readonly Lane[];
  readonly contentOf: (lane: Lane) => LaneContent;
  readonly nameOf: (lane: Lane) => string;
  readonly goroutineName: (id: number) => string;
  readonly marks: TraceView['marks'];
  readonly reach: Reach;
  readonly scrollTop: number;
  readonly width: number;
  readonly height: number;
  /** Width of the names at the left. */
  readonly namePx: number;
  readonly dark: boolean;
  /** Lane under the keys, and the moment. */
  readonly focus: { readonly lane: number; readonly atMs: number };
  readonly selected: Span | null;
  readonly font: string;
  readonly timeOf: (ms: number, stepMs: number) => string;
};

type Pen = Scene & { readonly context: CanvasRenderingContext2D; readonly ink: Ink; labels: number };
type Ink = { text: string; dim: string; line: string; ground: string; accent: string; bad: string };

const inks: Record<'light' | 'dark', Ink> = {
  light: {
    text: '#14191f',
    dim: '#586373',
    line: '#dde2e9',
    ground: '#ffffff',
    accent: '#1d5fc4',
    bad: '#b92f27',
  },
  dark: {
    text: '#f2f5f9',
    dim: '#9aa5b4',
    line: '#262d38',
    ground: '#13171e',
    accent: '#7db0fa',
    bad: '#f58a81',
  },
};

/** Where a moment is drawn. */
export const xOf = (
  { reach, namePx, width }: Pick<Scene, 'reach' | 'namePx' | 'width'>,
  ms: number,
): number => namePx + ((ms - reach.fromMs) / Math.max(widthOf(reach), 1e-9)) * Math.max(1, width - namePx);

/** Draws what is in sight; takes time with that alone. */
export function paintTrace(context: CanvasRenderingContext2D, scene: Scene): void {
  const pen: Pen = { ...scene, context, ink: inks[scene.dark ? 'dark' : 'light'], labels: 0 };
  context.clearRect(0, 0, scene.width, scene.height);
  context.font = scene.font;
  context.textBaseline = 'middle';
  const first = Math.max(0, Math.floor(scene.scrollTop / LANE_PX));
  const last = Math.min(scene.lanes.length, Math.ceil((scene.scrollTop + scene.height) / LANE_PX));
  for (let at = first; at < last; at++) {
    const lane = scene.lanes[at];
    if (lane !== undefined) paintLane(pen, lane, HEAD_PX + at * LANE_PX - scene.scrollTop, at);
  }
  paintHead(pen);
  paintCursor(pen);
}

function paintLane(pen: Pen, lane: Lane, y: number, at: number): void {
  const { context, ink, width, namePx } = pen;
  const { tiles, spans } = pen.contentOf(lane);
  context.save();
  context.beginPath();
  context.rect(namePx, y, width - namePx, LANE_PX);
  context.clip();
  const most = lane.kind === 'all' ? mostOf(tiles) : 1;
  if (lane.kind === 'goroutine') paintLife(pen, lane.goroutine, y);
  for (const tile of tiles) paintTile(pen, tile, y, most);
  for (const span of spans) paintSpan(pen, lane, span, y);
  context.restore();
  context.fillStyle = ink.line;
  context.fillRect(0, y + LANE_PX - 1, width, 1);
  context.fillStyle = at === pen.focus.lane ? ink.accent : ink.text;
  context.fillText(fitted(context, pen.nameOf(lane), namePx - 12), 6, y + LANE_PX / 2);
}

/** While it is alive a goroutine that does nothing waits: tiles do not say so, because they would say little else. */
function paintLife(pen: Pen, { fromMs, toMs }: Reach, y: number): void {
  const [from, end] = [xOf(pen, fromMs), xOf(pen, toMs)];
  pen.context.fillStyle = stateColours[pen.dark ? 'dark' : 'light'].waiting;
  pen.context.fillRect(from, y + LANE_PX - PAD_PX - 3, Math.max(1, end - from), 3);
}

/** The lane of all goroutines is as high as the most that were alive at once, by what was not waiting. */
function mostOf(tiles: readonly Tile[]): number {
  return Math.max(
    1,
    ...tiles.map((tile) => (tile.running + tile.runnable + tile.syscall) / (tile.toMs - tile.fromMs)),
  );
}

function paintTile(pen: Pen, tile: Tile, y: number, most: number): void {
  const [x, end] = [xOf(pen, tile.fromMs), xOf(pen, tile.toMs)];
  if (end < pen.namePx || x > pen.width) return;
  const room = LANE_PX - 2 * PAD_PX;
  let bottom = y + LANE_PX - PAD_PX;
  for (const state of stacked) {
    const height = (tile[state] / (tile.toMs - tile.fromMs) / most) * room;
    if (height <= 0) continue;
    bottom -= height;
    fill(pen, state, x, bottom, Math.max(1, end - x - (end - x > 4 ? 1 : 0)), height);
  }
}

function paintSpan(pen: Pen, lane: Lane, span: Span, y: number): void {
  if (span.state === 'idle') return;
  const [from, end] = [xOf(pen, span.fromMs), xOf(pen, span.toMs)];
  if (end < pen.namePx || from > pen.width) return;
  const { context, ink } = pen;
  const x = Math.max(from, pen.namePx - 2);
  const wide = Math.max(1, Math.min(end, pen.width + 2) - x - (end - from > 3 ? 1 : 0));
  // Waiting is drawn low: what does something stands out.
  const height = span.state === 'waiting' ? 8 : LANE_PX - 2 * PAD_PX;
  const top = y + LANE_PX - PAD_PX - height;
  // Tiles say it roughly where spans say it exactly.
  context.fillStyle = ink.ground;
  context.fillRect(x, y + 1, wide, LANE_PX - 2);
  fill(pen, span.state, x, top, wide, height);
  if (pen.selected !== null && isSame(span, pen.selected)) {
    context.strokeStyle = ink.text;
    context.lineWidth = 2;
    context.strokeRect(x + 1, y + 2, Math.max(1, wide - 2), LANE_PX - 4);
  }
  if (wide < MIN_LABEL_PX || pen.labels > MAX_LABELS) return;
  pen.labels += 1;
  const words =
    lane.kind === 'proc' ? pen.goroutineName(span.goroutine) : `${letters[span.state]} ${span.reason}`.trim();
  const label = fitted(context, words, wide - 6) || fitted(context, letters[span.state], wide);
  context.fillStyle = ink.text;
  context.fillText(label, x + 3, span.state === 'waiting' ? top - 4 : y + LANE_PX / 2);
}

/** Colour and pattern of a state: running is plain, waiting to run is hatched, a system call is ruled. */
function fill(pen: Pen, state: DrawnState, x: number, y: number, width: number, height: number): void {
  const { context, dark } = pen;
  context.fillStyle = stateColours[dark ? 'dark' : 'light'][state];
  context.fillRect(x, y, width, height);
  if (state === 'running' || state === 'waiting' || width < 4 || height < 4) return;
  context.save();
  context.beginPath();
  context.rect(x, y, width, height);
  context.clip();
  context.strokeStyle = dark ? 'rgb(255 255 255 / 30%)' : 'rgb(0 0 0 / 26%)';
  context.lineWidth = 1;
  context.beginPath();
  if (state === 'runnable')
    for (let at = Math.floor((x - height) / 6) * 6; at < x + width; at += 6) {
      context.moveTo(at, y + height);
      context.lineTo(at + height, y);
    }
  else
    for (let at = Math.ceil(x / 4) * 4; at < x + width; at += 4) {
      context.moveTo(at + 0.5, y);
      context.lineTo(at + 0.5, y + height);
    }
  context.stroke();
  context.restore();
}

function paintHead(pen: Pen): void {
  const { context, ink, width, namePx, reach, scrollTop, marks } = pen;
  context.fillStyle = ink.ground;
  context.fillRect(0, 0, width, HEAD_PX);
  context.fillStyle = ink.line;
  context.fillRect(0, HEAD_PX - 1, width, scrollTop > 0 ? 2 : 1);
  const { everyMs, atMs } = ticksOf(reach, width - namePx);
  for (const ms of atMs) {
    const x = xOf(pen, ms);
    context.fillStyle = ink.line;
    context.fillRect(x, AXIS_PX - 6, 1, pen.height);
    context.fillStyle = ink.dim;
    const words = pen.timeOf(ms, everyMs);
    if (x + context.measureText(words).width < width) context.fillText(words, x + 4, AXIS_PX / 2);
  }
  context.save();
  context.beginPath();
  context.rect(namePx, AXIS_PX, width - namePx, MARKS_PX);
  context.clip();
  for (const mark of marks) paintMark(pen, mark);
  context.restore();
}

function paintMark(pen: Pen, mark: TraceView['marks'][number]): void {
  const { context, ink } = pen;
  const [from, end] = [xOf(pen, mark.fromMs), xOf(pen, mark.toMs)];
  if (end < pen.namePx || from > pen.width) return;
  const y = AXIS_PX + 2;
  if (mark.kind === 'log') {
    context.fillStyle = ink.accent;
    context.beginPath();
    context.moveTo(from, y + 12);
    context.lineTo(from - 5, y + 2);
    context.lineTo(from + 5, y + 2);
    context.fill();
    return;
  }
  const x = Math.max(from, pen.namePx);
  const wide = Math.max(2, Math.min(end, pen.width) - x);
  context.fillStyle = mark.kind === 'range' ? ink.line : pen.dark ? '#3a3160' : '#d9d0f5';
  context.fillRect(x, y, wide, MARKS_PX - 5);
  context.fillStyle = mark.kind === 'range' ? ink.bad : ink.accent;
  context.fillRect(x, y + MARKS_PX - 6, wide, 2);
  if (wide < 30 || pen.labels > MAX_LABELS) return;
  pen.labels += 1;
  context.fillStyle = ink.text;
  context.fillText(fitted(context, mark.name, wide - 6), x + 3, y + 6);
}

function paintCursor(pen: Pen): void {
  const { context, ink, focus, namePx, width } = pen;
  const x = xOf(pen, focus.atMs);
  if (x >= namePx && x <= width) {
    context.fillStyle = ink.accent;
    context.fillRect(Math.round(x), 0, 1, pen.height);
  }
  const y = HEAD_PX + focus.lane * LANE_PX - pen.scrollTop;
  if (y + LANE_PX <= HEAD_PX) return;
  context.save();
  context.beginPath();
  context.rect(0, HEAD_PX, width, pen.height);
  context.clip();
  context.strokeStyle = ink.accent;
  context.lineWidth = 1;
  context.strokeRect(0.5, y + 0.5, width - 1, LANE_PX - 2);
  context.restore();
}

export const isSame = (a: Span, b: Span): boolean =>
  a.goroutine === b.goroutine && a.fromMs === b.fromMs && a.toMs === b.toMs && a.state === b.state;

/** The text, or as much of its beginning as there is room for. */
function fitted(context: CanvasRenderingContext2D, text: string, width: number): string {
  if (width <= 0) return '';
  const fits = Math.floor(width / context.measureText('m').width);
  if (text.length <= fits) return text;
  return fits < 3 ? '' : `${text.slice(0, fits - 1)}…`;
}
