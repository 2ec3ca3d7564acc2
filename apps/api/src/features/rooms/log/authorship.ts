import { listFiles } from '@lineage/collab';
import * as Y from 'yjs';
import { MAX_ORIGINS, ORIGIN_PAUSE_MS } from './log-limits.ts';
import type { LogRow } from './log-reader.ts';
import { refuseHole } from './replay.ts';

/** UTF-16 units that a person put into the text, took out of it, and that still stand. */
export type Share = { accountId: string; inserted: number; deleted: number; live: number; edits: number };

/** Lines that follow each other and have the same origin; null is the template. */
export type BlameRun = {
  lines: number;
  accountId: string | null;
  at: number | null;
  seq: number;
  /** Others whose characters stand in the line too. */
  others: number;
};

/** Where a stretch of operations of one client came from. */
type Origin = { clock: number; seq: number; at: number; lastAt: number; account: number };

/**
 * Who wrote what of one document: edits are taken one by one, in the order of the log. The document forgets what was
 * deleted; what stands keeps the client and the clock it was written with, and those lead to the edit that brought it.
 */
export class Authorship {
  readonly doc = new Y.Doc();
  seq = 0;
  readonly #accounts: string[] = [];
  readonly #shares: Share[] = [];
  readonly #origins = new Map<number, Origin[]>();
  #originCount = 0;
  #taking: LogRow | null = null;

  constructor(template: Uint8Array) {
    Y.applyUpdate(this.doc, template);
    this.doc.on('afterTransaction', (transaction: Y.Transaction) => this.#count(transaction));
  }

  take(row: LogRow): void {
    this.#taking = row;
    Y.applyUpdate(this.doc, row.update);
    this.#taking = null;
    refuseHole(this.doc);
    this.seq = row.seq;
  }

  /** Everybody who edited, with what of theirs stands in the files now; `template` is what nobody typed. */
  shares(): { shares: Share[]; template: number } {
    const live = new Map<number, number>();
    let template = 0;
    for (const { text } of listFiles(this.doc)) {
      for (const { origin, units } of pieces(text, this.#origins)) {
        if (origin === null) template += units.length;
        else live.set(origin.account, (live.get(origin.account) ?? 0) + units.length);
      }
    }
    return {
      shares: this.#shares.map((share, account) => ({ ...share, live: live.get(account) ?? 0 })),
      template,
    };
  }

  /** Null when there is no such file. */
  blame(fileId: string): BlameRun[] | null {
    const file = listFiles(this.doc).find(({ id }) => id === fileId);
    if (file === undefined) return null;
    const runs: BlameRun[] = [];
    for (const line of linesOf(file.text, this.#origins)) {
      const run = this.#runOf(line);
      const last = runs.at(-1);
      const same =
        last !== undefined &&
        last.accountId === run.accountId &&
        last.seq === run.seq &&
        last.others === run.others;
      if (same) last.lines += 1;
      else runs.push(run);
    }
    return runs;
  }

  #runOf(line: Line): BlameRun {
    const [most] = [...line].sort(([, a], [, b]) => b.units - a.units);
    const others = line.size - 1;
    if (most === undefined || most[0] === null)
      return { lines: 1, accountId: null, at: null, seq: 0, others };
    const [account, { last }] = most;
    return {
      lines: 1,
      accountId: this.#accounts[account] ?? null,
      at: last?.at ?? null,
      seq: last?.seq ?? 0,
      others,
    };
  }

  #count(transaction: Y.Transaction): void {
    const row = this.#taking;
    if (row === null) return;
    const account = this.#accountOf(row.accountId);
    const share = this.#shares[account];
    if (share === undefined) return;
    share.edits += 1;
    for (const [client, after] of transaction.afterState) {
      const before = transaction.beforeState.get(client) ?? 0;
      if (after > before) {
        this.#remember(client, before, { ...row, account });
        share.inserted += textUnits(this.doc, client, before, after, (item) => !item.deleted);
      }
    }
    for (const [client, ranges] of transaction.deleteSet.clients) {
      const known = transaction.beforeState.get(client) ?? 0;
      for (const { clock, len } of ranges)
        share.deleted += textUnits(this.doc, client, clock, Math.min(clock + len, known), () => true);
    }
  }

  #accountOf(accountId: string): number {
    const known = this.#accounts.indexOf(accountId);
    if (known !== -1) return known;
    this.#accounts.push(accountId);
    this.#shares.push({ accountId, inserted: 0, deleted: 0, live: 0, edits: 0 });
    return this.#accounts.length - 1;
  }

  #remember(client: number, clock: number, { seq, at, account }: LogRow & { account: number }): void {
    const origins = this.#origins.get(client) ?? [];
    this.#origins.set(client, origins);
    const last = origins.at(-1);
    if (last !== undefined && last.account === account && at - last.lastAt <= ORIGIN_PAUSE_MS) {
      last.lastAt = at;
      return;
    }
    if (this.#originCount >= MAX_ORIGINS && last !== undefined && last.account === account) return;
    origins.push({ clock, seq, at, lastAt: at, account });
    this.#originCount += 1;
  }
}

type Origins = ReadonlyMap<number, readonly Origin[]>;
/** Of each account (null: the template) in a line, how much and the latest origin. */
type Line = Map<number | null, { units: number; last: Origin | null }>;

function* linesOf(text: Y.Text, origins: Origins): Generator<Line> {
  let line: Line = new Map();
  for (const { origin, units } of pieces(text, origins)) {
    const parts = units.split('\n');
    for (const [i, part] of parts.entries()) {
      const ends = i < parts.length - 1;
      // A line's end counts for lines of nothing else.
      const weight = part.trim().length || (ends && line.size === 0 ? 0.5 : 0);
      if (weight > 0) add(line, origin, weight);
      if (ends) {
        yield line;
        line = new Map();
      }
    }
  }
  yield line;
}

function add(line: Line, origin: Origin | null, weight: number): void {
  const account = origin?.account ?? null;
  const known = line.get(account);
  if (known === undefined) return void line.set(account, { units: weight, last: origin });
  known.units += weight;
  if (origin !== null && (known.last === null || origin.seq > known.last.seq)) known.last = origin;
}

/** The text from the first character to the last, in pieces of one origin. */
function* pieces(text: Y.Text, origins: Origins): Generator<{ origin: Origin | null; units: string }> {
  for (let item = text._start; item !== null; item = item.right) {
    if (item.deleted || !(item.content instanceof Y.ContentString)) continue;
    const { str } = item.content;
    const { client, clock } = item.id;
    const known = origins.get(client) ?? [];
    let at = 0;
    for (let i = lastAtOrBefore(known, clock); at < str.length; i += 1) {
      const next = known[i + 1];
      const end = next === undefined ? str.length : Math.min(str.length, next.clock - clock);
      if (end > at) yield { origin: known[i] ?? null, units: str.slice(at, end) };
      at = Math.max(at, end);
    }
  }
}

/** The index of the last origin at `clock` or before; -1 when there is none. */
function lastAtOrBefore(origins: readonly Origin[], clock: number): number {
  let [low, high] = [0, origins.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((origins[middle]?.clock ?? Infinity) <= clock) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Characters of texts among a client's operations `from`..`to`. */
function textUnits(
  doc: Y.Doc,
  client: number,
  from: number,
  to: number,
  counts: (item: Y.Item) => boolean,
): number {
  if (to <= from) return 0;
  const structs = doc.store.clients.get(client) ?? [];
  let units = 0;
  for (let i = Y.findIndexSS(structs, from); i < structs.length; i += 1) {
    const struct = structs[i];
    if (struct === undefined || struct.id.clock >= to) break;
    if (!(struct instanceof Y.Item) || !(struct.content instanceof Y.ContentString) || !counts(struct))
      continue;
    const end = Math.min(struct.id.clock + struct.length, to);
    units += end - Math.max(struct.id.clock, from);
  }
  return units;
}
