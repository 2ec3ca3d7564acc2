import { createFile, listFiles, templateUpdate } from '@lineage/collab';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { Authorship } from './authorship.ts';

const template = templateUpdate([{ path: 'main.go', content: 'package main\n\nfunc main() {}\n' }], 1);

/** People at one document; each edit is a row of the log, in the order in which `edit` was called. */
class Table {
  readonly authorship = new Authorship(template);
  readonly #docs = new Map<string, Y.Doc>();
  #seq = 0;

  text(who: string): Y.Text {
    const text = listFiles(this.#docOf(who))[0]?.text;
    if (text === undefined) throw new Error('the file is gone');
    return text;
  }

  edit(who: string, change: (text: Y.Text, doc: Y.Doc) => void, at = this.#seq * 60_000): void {
    const doc = this.#docOf(who);
    const updates: Uint8Array[] = [];
    const collect = (update: Uint8Array): number => updates.push(update);
    doc.on('update', collect);
    doc.transact(() => change(this.text(who), doc));
    doc.off('update', collect);
    for (const update of updates) {
      this.#seq += 1;
      this.authorship.take({ seq: this.#seq, accountId: who, at, update });
    }
  }

  /** Everybody has what the server has. */
  meet(): void {
    const state = Y.encodeStateAsUpdate(this.authorship.doc);
    for (const doc of this.#docs.values()) Y.applyUpdate(doc, state);
  }

  #docOf(who: string): Y.Doc {
    const known = this.#docs.get(who);
    if (known !== undefined) return known;
    const doc = new Y.Doc();
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(this.authorship.doc));
    this.#docs.set(who, doc);
    return doc;
  }
}

const blameOf = (table: Table): (string | null)[] => {
  const id = listFiles(table.authorship.doc)[0]?.id ?? '';
  const runs = table.authorship.blame(id) ?? [];
  return runs.flatMap(({ lines, accountId }) => Array.from({ length: lines }, () => accountId));
};

describe('the authorship of a document', () => {
  it('gives a line to whoever wrote most of it, and says that others wrote in it too', () => {
    const table = new Table();
    table.edit('ana', (text) => text.insert(0, '// a long sentence of one person\n'));
    table.meet();
    table.edit('bo', (text) => text.insert(3, 'x'));
    expect(blameOf(table)).toEqual(['ana', null, null, null, null]);
    const id = listFiles(table.authorship.doc)[0]?.id ?? '';
    expect(table.authorship.blame(id)?.[0]).toMatchObject({ others: 1, at: 0, seq: 1 });
  });

  it('knows an author after what stood beside was deleted and the page was loaded anew', () => {
    const table = new Table();
    table.edit('ana', (text) => text.insert(0, 'abcdef\n'));
    table.meet();
    table.edit('bo', (text) => text.delete(2, 2));
    table.meet();
    table.edit('bo', (text) => text.insert(2, 'BO BO BO BO'));
    expect(table.text('bo').toString()).toMatch(/^abBO BO BO BOef\n/);
    expect(blameOf(table)[0]).toBe('bo');
    expect(table.authorship.shares().shares).toMatchObject([
      { accountId: 'ana', inserted: 7, deleted: 0, live: 5 },
      { accountId: 'bo', inserted: 11, deleted: 2, live: 11 },
    ]);
  });

  it('counts a deletion once, whoever else deleted the same at the same time', () => {
    const table = new Table();
    table.edit('ana', (text) => text.insert(0, 'gone\n'));
    table.meet();
    table.text('bo');
    table.edit('ana', (text) => text.delete(0, 5));
    table.edit('bo', (text) => text.delete(0, 5));
    const { shares } = table.authorship.shares();
    expect(shares.reduce((sum, { deleted }) => sum + deleted, 0)).toBe(5);
  });

  it('counts a file that went, and one that came with its text', () => {
    const table = new Table();
    table.edit('ana', (_text, doc) => createFile(doc, 'more.go', 'package main\n'));
    expect(table.authorship.shares().shares).toMatchObject([{ inserted: 13, live: 13, deleted: 0 }]);
    table.edit('ana', (_text, doc) => {
      const more = listFiles(doc).find(({ path }) => path === 'more.go');
      doc.getMap('files').delete(more?.id ?? '');
    });
    expect(table.authorship.shares().shares).toMatchObject([{ inserted: 13, live: 0, deleted: 13 }]);
  });

  it('adds up to the text, whatever three people do at the same time', () => {
    // The same numbers each time: a failure can be repeated.
    let state = 7;
    const random = (below: number): number => {
      state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
      return state % below;
    };
    const table = new Table();
    for (let n = 0; n < 600; n += 1) {
      const who = ['ana', 'bo', 'chen'][random(3)] ?? 'ana';
      table.edit(who, (text) => {
        const from = random(text.length + 1);
        if (random(3) === 0) text.delete(from, Math.min(random(9), text.length - from));
        else text.insert(from, ['x', 'word ', 'line\n', '编程\n'][random(4)] ?? '');
      });
      if (random(10) === 0) table.meet();
    }
    const text = listFiles(table.authorship.doc)[0]?.text.toString() ?? '';
    const { shares, template: rest } = table.authorship.shares();
    expect(shares.reduce((sum, { live }) => sum + live, rest)).toBe(text.length);
    expect(blameOf(table)).toHaveLength(text.split('\n').length);
    const before = 'package main\n\nfunc main() {}\n'.length;
    const sum = (of: 'inserted' | 'deleted'): number => shares.reduce((all, share) => all + share[of], 0);
    expect(before + sum('inserted') - sum('deleted')).toBe(text.length);
  });
});
