/** How long some waited, and what that cost. */
export type Waits = { readonly name: string; readonly cost: string; readonly seconds: readonly number[] };

const [WIDTH, HEIGHT] = [720, 360];
const PLOT = { left: 56, right: 700, top: 20, bottom: 220 };
const STEP_S = 5;
const STEP_PERCENT = 25;
/** One more than these cannot be told from the first by its line. */
const DASHES = ['none', '7 4', '2 3', '10 3 2 3'];

/** An SVG of which part of all has waited at most how long: the further left a line rises, the better. */
export function drawWaits(title: string, all: readonly Waits[]): string {
  const lastS = STEP_S * Math.ceil(Math.max(STEP_S, ...all.flatMap(({ seconds }) => seconds)) / STEP_S);
  const x = (s: number): string => (PLOT.left + (s / lastS) * (PLOT.right - PLOT.left)).toFixed(1);
  const y = (percent: number): string =>
    (PLOT.bottom - (percent / 100) * (PLOT.bottom - PLOT.top)).toFixed(1);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escaped(title)}">`,
    STYLE,
    `<rect class="paper" width="${WIDTH}" height="${HEIGHT}"/>`,
    ...steps(100, STEP_PERCENT).flatMap((percent) => [
      `<path class="grid" d="M${PLOT.left} ${y(percent)}H${PLOT.right}"/>`,
      `<text class="end" x="${PLOT.left - 8}" y="${y(percent)}" dy="4">${percent} %</text>`,
    ]),
    ...steps(lastS, STEP_S).map(
      (s) => `<text class="middle" x="${x(s)}" y="${PLOT.bottom + 18}">${s} s</text>`,
    ),
    ...all.flatMap(({ name, cost, seconds }, nth) => {
      const dash = `stroke-dasharray="${DASHES[nth % DASHES.length] ?? 'none'}"`;
      const row = PLOT.bottom + 48 + 24 * nth;
      return [
        `<path class="line" ${dash} d="${pathOf(seconds, lastS, x, y)}"/>`,
        `<path class="line" ${dash} d="M${PLOT.left} ${row}h44"/>`,
        `<text x="${PLOT.left + 56}" y="${row}" dy="4">${escaped(`${name}: ${cost}`)}</text>`,
      ];
    }),
    '</svg>',
    '',
  ].join('\n');
}

/** Lines are told apart by their dashes, so that no colour has to be seen. */
const STYLE = `<style>
  .paper { fill: #fff } text { fill: #1f2430; font: 13px system-ui, sans-serif }
  .grid { stroke: #c9ced8; fill: none } .line { stroke: #0b6b8a; stroke-width: 2; fill: none }
  .end { text-anchor: end } .middle { text-anchor: middle }
  @media (prefers-color-scheme: dark) {
    .paper { fill: #14171f } text { fill: #e3e6ee } .grid { stroke: #3a4152 } .line { stroke: #58c1e0 }
  }
</style>`;

const steps = (last: number, by: number): number[] =>
  Array.from({ length: last / by + 1 }, (_, nth) => nth * by);

/** Up a step for each who has waited so long; then level to the right. */
function pathOf(
  seconds: readonly number[],
  lastS: number,
  x: (s: number) => string,
  y: (percent: number) => string,
): string {
  const sorted = seconds.toSorted((a, b) => a - b);
  const heights = new Map(sorted.map((s, nth) => [x(s), y((100 * (nth + 1)) / sorted.length)]));
  const climb = [...heights].map(([at, height]) => `H${at}V${height}`);
  return `M${x(0)} ${y(0)}${climb.join('')}H${x(lastS)}`;
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
