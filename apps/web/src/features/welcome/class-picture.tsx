import css from './class-picture.module.css';

/** A line of code as bars: where each starts, how long it is, and which kind of word it is. */
type Word = readonly [x: number, width: number, kind: 'key' | 'name' | 'text' | 'dim'];
const code: readonly (readonly Word[])[] = [
  [
    [0, 34, 'key'],
    [40, 44, 'name'],
    [90, 26, 'dim'],
  ],
  [
    [16, 22, 'key'],
    [44, 30, 'text'],
    [80, 60, 'dim'],
  ],
  [
    [32, 20, 'name'],
    [58, 78, 'text'],
  ],
  [
    [32, 54, 'name'],
    [92, 34, 'dim'],
    [132, 40, 'text'],
  ],
  [[16, 8, 'dim']],
  [
    [16, 30, 'key'],
    [52, 46, 'name'],
  ],
  [[0, 8, 'dim']],
];

/** Frames of a flame graph, root at the top: row, left and width in percent, heat 0..3. */
const frames: readonly (readonly [row: number, x: number, width: number, heat: number])[] = [
  [0, 0, 100, 0],
  [1, 0, 72, 1],
  [1, 72.6, 27.4, 0],
  [2, 0, 54, 2],
  [2, 54.6, 17.4, 1],
  [2, 76, 18, 0],
  [3, 0, 41, 3],
  [3, 41.6, 10, 1],
  [3, 58, 11, 1],
  [4, 6, 22, 2],
  [4, 28.6, 10, 1],
];

const LINE = 20;

/** Two people in one text, and under it the profile both see; the hot frame points at its line. */
export function ClassPicture({ label }: { label: string }) {
  return (
    <svg className={css.picture} viewBox="0 0 640 440" role="img" aria-label={label}>
      <rect className={css.window} x="0.5" y="0.5" width="639" height="439" rx="10" />
      <path className={css.rule} d="M0 36.5h640M0 252.5h640" />
      <g className={css.chrome}>
        <rect className={css.tab} x="16" y="12" width="72" height="24" rx="4" />
        <rect className={css.dim} x="28" y="22" width="48" height="5" rx="2.5" />
        <rect className={css.dim} x="108" y="22" width="40" height="5" rx="2.5" />
        <rect className={css.run} x="560" y="9" width="64" height="20" rx="5" />
        <path className={css.play} d="M576 14.5v9l7-4.5z" />
        <rect className={css.onRun} x="589" y="17" width="24" height="4" rx="2" />
      </g>
      <rect className={css.hotLine} x="0" y={58 + 3 * LINE - 7} width="640" height={LINE} />
      <rect className={css.hotMark} x="0" y={58 + 3 * LINE - 7} width="4" height={LINE} />
      {code.map((words, line) => (
        <g key={line} transform={`translate(0 ${58 + line * LINE})`}>
          <rect className={css.gutter} x="26" y="0" width="8" height="5" rx="2.5" />
          {words.map(([x, width, kind]) => (
            <rect
              key={x}
              className={css[kind]}
              x={56 + x * 1.5}
              y="0"
              width={width * 1.5}
              height="6"
              rx="3"
            />
          ))}
        </g>
      ))}
      <Cursor x={56 + 172 * 1.5 + 6} line={3} name="L" className={css.one} />
      <Cursor x={56 + 98 * 1.5 + 6} line={5} name="M" className={css.two} />
      {frames.map(([row, x, width, heat]) => (
        <rect
          key={`${row}-${x}`}
          className={css[`heat${heat}`]}
          x={16 + x * 6.08}
          y={276 + row * 28}
          width={width * 6.08 - 2}
          height="25"
          rx="3"
        />
      ))}
      <path className={css.link} d="M266 372 C 520 372, 500 220, 460 132" />
      <circle className={css.linkEnd} cx="459" cy="130" r="3.5" />
      <text className={css.frameName} x="28" y={276 + 3 * 28 + 17}>
        alloc · 41 %
      </text>
    </svg>
  );
}

function Cursor({
  x,
  line,
  name,
  className,
}: {
  x: number;
  line: number;
  name: string;
  className: string | undefined;
}) {
  const y = 58 + line * LINE;
  return (
    <g className={className}>
      <rect x={x} y={y - 6} width="2" height="18" />
      <rect x={x} y={y - 20} width="16" height="14" rx="3" />
      <text className={css.initial} x={x + 8} y={y - 9.5} textAnchor="middle">
        {name}
      </text>
    </g>
  );
}
