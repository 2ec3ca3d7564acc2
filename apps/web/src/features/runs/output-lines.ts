import type { OutputPiece } from './fold-run.ts';

/** One line as it is drawn. `count` is how often it came in a row; `missing` bytes are left out before it. */
export type OutputLine = {
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
  readonly count: number;
  readonly missing: number;
};

/** Repeats are folded from this many on: fewer are quicker read than a number. */
const FOLD_FROM = 4;

/** Pieces as lines: each stream's halves are put together, repeats in a row become one line with a count. */
export function outputLines(pieces: readonly OutputPiece[]): OutputLine[] {
  const open = { stdout: '', stderr: '' };
  const lines: OutputLine[] = [];
  for (const { stream, text, droppedBefore } of pieces) {
    if (droppedBefore > 0) {
      if (open[stream] !== '') lines.push({ stream, text: open[stream], count: 1, missing: 0 });
      open[stream] = '';
      lines.push({ stream, text: '', count: 1, missing: droppedBefore });
    }
    const parts = (open[stream] + text).split('\n');
    open[stream] = parts.pop() ?? '';
    for (const part of parts) lines.push({ stream, text: part, count: 1, missing: 0 });
  }
  for (const stream of ['stdout', 'stderr'] as const) {
    if (open[stream] !== '') lines.push({ stream, text: open[stream], count: 1, missing: 0 });
  }
  return folded(lines);
}

function folded(lines: readonly OutputLine[]): OutputLine[] {
  const out: OutputLine[] = [];
  for (let at = 0; at < lines.length;) {
    const line = lines[at];
    if (line === undefined) break;
    let next = at + 1;
    while (
      line.missing === 0 &&
      lines[next]?.missing === 0 &&
      lines[next]?.text === line.text &&
      lines[next]?.stream === line.stream
    )
      next += 1;
    const count = next - at;
    if (count >= FOLD_FROM) out.push({ ...line, count });
    else out.push(...lines.slice(at, next));
    at = next;
  }
  return out;
}
