import type { TestApp } from './app.ts';

/** What `/metrics` says now, by series as it is written there: `name{label="value"}`. */
export async function readSeries(app: TestApp): Promise<Map<string, number>> {
  const { body } = await app.request('GET', '/metrics');
  const lines = String(body).split('\n');
  return new Map(
    lines
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => {
        const at = line.lastIndexOf(' ');
        return [line.slice(0, at), Number(line.slice(at + 1))];
      }),
  );
}
