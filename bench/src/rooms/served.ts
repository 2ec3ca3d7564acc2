import type { Place } from './load/protocols.ts';

/** A server with one document that is measured. */
export type Served = {
  readonly name: string;
  /** Of the process that serves; another one after a restart. */
  readonly pids: () => readonly number[];
  /** Where `count` people sit down; the first may write. */
  readonly places: (count: number) => readonly Place[];
};
