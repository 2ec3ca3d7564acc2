import { createFile, listFiles } from '@lineage/collab';
import type { AccountId, HistoryEdits } from '@lineage/contracts';
import { expect, it } from 'vitest';
import * as Y from 'yjs';
import { type LoadEdits, Moments } from './moments.ts';

const EDITS = 1_234;

/** A log of edits, given as the server gives it, and the text after each of them. */
function log(mostAnAnswer = 500): { load: LoadEdits; texts: string[]; asked: number[] } {
  const doc = new Y.Doc();
  doc.transact(() => createFile(doc, 'main.go', ''));
  const updates: Uint8Array[] = [];
  const states = [Y.encodeStateAsUpdate(doc)];
  const texts = [''];
  doc.on('update', (update: Uint8Array) => updates.push(update));
  const text = listFiles(doc)[0]?.text;
  for (let n = 1; n <= EDITS; n += 1) {
    if (n % 7 === 0) text?.delete(0, 2);
    else text?.insert(n % 3 === 0 ? 0 : (text.length ?? 0), `${n} `);
    texts.push(text?.toString() ?? '');
    states.push(Y.encodeStateAsUpdate(doc));
  }
  const asked: number[] = [];
  const base64 = (bytes: Uint8Array = new Uint8Array()): string => Buffer.from(bytes).toString('base64');
  const load = (_epoch: number, from: number): Promise<HistoryEdits> => {
    asked.push(from);
    const edits = updates.slice(from, from + mostAnAnswer).map((update, i) => ({
      seq: from + i + 1,
      at: new Date((from + i + 1) * 1000).toISOString(),
      by: 'ana' as AccountId,
      update: base64(update),
    }));
    return Promise.resolve({ from, head: EDITS, state: base64(states[from]), edits });
  };
  return { load, texts, asked };
}

async function textAt(moments: Moments, seq: number): Promise<string> {
  return (await moments.at({ epoch: 1, seq })).files[0]?.content ?? '';
}

it('gives the text at any moment, forwards, backwards and by leaps, with few questions', async () => {
  const { load, texts, asked } = log();
  const moments = new Moments(load);
  const wanted = [0, 1, 2, 499, 500, 501, 1_000, 1_001, EDITS, 3, 2, 750, 749, 748, 0];
  for (const seq of wanted) expect(await textAt(moments, seq)).toBe(texts[seq]);
  expect(asked).toEqual([0, 500, 1000]);
  const past = await moments.at({ epoch: 1, seq: 501 });
  expect(past.editedId).toBe(past.files[0]?.id);
  expect(past.edit).toEqual({ seq: 501, at: 501_000, by: 'ana' });
});

it('finds a moment where large edits make an answer of few', async () => {
  const { load, texts } = log(90);
  const moments = new Moments(load);
  for (const seq of [499, 1, 600, 1_233]) expect(await textAt(moments, seq)).toBe(texts[seq]);
});

it('asks again for what failed, and refuses a moment that there is not', async () => {
  const { load, texts } = log();
  let failures = 1;
  const moments = new Moments((epoch, from) =>
    failures-- > 0 ? Promise.reject(new Error('away')) : load(epoch, from),
  );
  await expect(textAt(moments, 10)).rejects.toThrow('away');
  expect(await textAt(moments, 10)).toBe(texts[10]);
  await expect(textAt(moments, EDITS + 600)).rejects.toThrow(RangeError);
});
