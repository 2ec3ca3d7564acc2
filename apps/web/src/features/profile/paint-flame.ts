import { originOf, shortName, type CallTree, type Layout, type Origin } from '@lineage/pprof';

/** Height of a row; a target that a finger meets. */
export const ROW_PX = 22;
/** More labels than this take longer to draw than a frame lasts, and nobody reads them. */
const MAX_LABELS = 1500;
const MIN_LABEL_PX = 28;
const PAD_PX = 5;
const GAP_PX = 1;

/** Okabe and Ito's palette, which people with colour blindness tell apart; lightness differs too. */
export const originColours: Record<Origin, { light: readonly string[]; dark: readonly string[] }> = {
  program: { light: ['#f2b57a', '#f5c08c', '#eeaa69'], dark: ['#b0651f', '#a45d1c', '#bb6d24'] },
  runtime: { light: ['#b9c3d0', '#c3ccd8', '#b0bbc9'], dark: ['#4a5565', '#434d5c', '#515d6e'] },
  std: { light: ['#93c5ea', '#a1cdee', '#86bde6'], dark: ['#27618f', '#225782', '#2c6a9b'] },
  module: { light: ['#8fd3bd', '#9cd9c5', '#82ccb5'], dark: ['#1d6f58', '#19654f', '#217962'] },
};

export type Painting = {
  readonly context: CanvasRenderingContext2D;
  readonly tree: CallTree;
  readonly layout: Layout;
  readonly functions: readonly string[];
  readonly zoom: number;
  /** Node under the keyboard; -1 for none. */
  readonly focus: number;
  readonly hover: number;
  /** 1 for nodes that a search found; null without a search. */
  readonly found: Uint8Array | null;
  readonly scrollTop: number;
  readonly width: number;
  readonly height: number;
  readonly dark: boolean;
  readonly rootName: string;
  readonly font: string;
};

/** Draws what is visible; takes time with that alone. */
export function paintFlame(p: Painting): void {
  const { context, layout, tree } = p;
  context.clearRect(0, 0, p.width, p.height);
  context.font = p.font;
  context.textBaseline = 'middle';
  const firstRow = Math.max(0, Math.floor(p.scrollTop / ROW_PX));
  const lastRow = Math.min(layout.rows - 1, Math.floor((p.scrollTop + p.height) / ROW_PX));
  const labels: number[] = [];
  for (let row = firstRow; row <= lastRow; row++) {
    const y = row * ROW_PX - p.scrollTop;
    for (let box = layout.rowStart[row] ?? 0; box < (layout.rowStart[row + 1] ?? 0); box++) {
      paintBox(p, box, y);
      if ((layout.width[box] ?? 0) >= MIN_LABEL_PX) labels.push(box);
    }
  }
  paintRest(p, firstRow, lastRow);
  if (labels.length > MAX_LABELS) labels.sort((a, b) => (layout.width[b] ?? 0) - (layout.width[a] ?? 0));
  for (const box of labels.slice(0, MAX_LABELS))
    paintLabel(p, box, (tree.depth[layout.node[box] ?? 0] ?? 0) * ROW_PX - p.scrollTop);
}

function paintBox(p: Painting, box: number, y: number): void {
  const { context, layout } = p;
  const node = layout.node[box] ?? 0;
  const x = layout.x[box] ?? 0;
  const width = layout.width[box] ?? 0;
  const isDim = p.found !== null && p.found[node] !== 1;
  context.globalAlpha = isDim ? 0.35 : node < p.zoom && isCaller(p, node) ? 0.7 : 1;
  context.fillStyle = colourOf(p, node);
  context.fillRect(x, y, Math.max(width - (width > 3 ? GAP_PX : 0), 0.5), ROW_PX - GAP_PX);
  context.globalAlpha = 1;
  if (node !== p.focus && node !== p.hover) return;
  context.strokeStyle = p.dark ? '#ffffff' : '#10151c';
  context.lineWidth = node === p.focus ? 2 : 1;
  context.strokeRect(x + 1, y + 1, Math.max(width - 3, 1), ROW_PX - 3);
}

const isCaller = ({ tree, zoom }: Painting, node: number): boolean => zoom < (tree.subtreeEnd[node] ?? 0);

function paintRest(p: Painting, firstRow: number, lastRow: number): void {
  const { context, layout } = p;
  context.fillStyle = p.dark ? '#39424f' : '#d5dbe3';
  for (const [at, row] of layout.rest.row.entries()) {
    if (row < firstRow || row > lastRow) continue;
    context.fillRect(
      layout.rest.x[at] ?? 0,
      row * ROW_PX - p.scrollTop,
      layout.rest.width[at] ?? 0,
      ROW_PX - GAP_PX,
    );
  }
}

function paintLabel(p: Painting, box: number, y: number): void {
  const { context, layout } = p;
  const node = layout.node[box] ?? 0;
  const x = layout.x[box] ?? 0;
  const width = layout.width[box] ?? 0;
  context.fillStyle = p.dark ? '#f2f5f9' : '#14191f';
  context.globalAlpha = p.found !== null && p.found[node] !== 1 ? 0.6 : 1;
  context.fillText(fitted(context, nameOf(p, node), width - 2 * PAD_PX), x + PAD_PX, y + ROW_PX / 2);
  context.globalAlpha = 1;
}

const nameOf = (p: Painting, node: number): string =>
  node === 0 ? p.rootName : shortName(p.functions[p.tree.functionId[node] ?? 0] ?? '');

function colourOf(p: Painting, node: number): string {
  if (node === 0) return p.dark ? '#2b3340' : '#e3e8ef';
  const name = p.functions[p.tree.functionId[node] ?? 0] ?? '';
  const shades = originColours[originOf(name)][p.dark ? 'dark' : 'light'];
  return shades[hash(name) % shades.length] ?? '#888888';
}

function hash(text: string): number {
  let sum = 0;
  for (let at = 0; at < text.length; at++) sum = (Math.imul(sum, 31) + text.charCodeAt(at)) >>> 0;
  return sum;
}

/** The text, or as much of its beginning as there is room for. Code fonts have one width, so one measure is enough. */
function fitted(context: CanvasRenderingContext2D, text: string, width: number): string {
  const characterPx = context.measureText('m').width;
  const fits = Math.floor(width / characterPx);
  if (text.length <= fits) return text;
  return fits < 3 ? '' : `${text.slice(0, fits - 1)}…`;
}
