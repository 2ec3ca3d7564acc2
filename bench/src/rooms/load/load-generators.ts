import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import type { Entrance, LoadAnswer, LoadOrder, LoadRequest, Received } from './load-messages.ts';
import type { Place } from './protocols.ts';

/** Processes that make load, so that neither the server nor the one that writes waits for the reading. */
export class LoadGenerators {
  readonly #children: readonly ChildProcess[];

  constructor(count: number, atEnd: (end: () => void) => void) {
    const file = path.join(import.meta.dirname, 'load-process.ts');
    this.#children = Array.from({ length: count }, () =>
      fork(file, { stdio: 'inherit', serialization: 'advanced' }),
    );
    atEnd(() => this.#children.forEach((child) => child.kill()));
  }

  /** Opens a socket at each place; resolves when all have the document. */
  async enter(how: Entrance, group: string, places: readonly Place[]): Promise<void> {
    await this.#each((nth) => ({ do: how, group, places: this.#shareOf(places, nth) }));
  }

  /** What a group received since the last call, of all processes together. */
  take = (group: string): Promise<Received> => this.#gather(() => ({ do: 'take', group }));

  /** How long each of these waited for the document, when all come in one instant. They are gone again after it. */
  storm = (group: string, places: readonly Place[]): Promise<Received> =>
    this.#gather((nth) => ({ do: 'storm', group, places: this.#shareOf(places, nth) }));

  /** A group types, `perSecond` together; how long each acknowledgement took. */
  type = (group: string, durationMs: number, perSecond: number): Promise<Received> =>
    this.#gather(() => ({ do: 'type', group, durationMs, perSecond: perSecond / this.#children.length }));

  /** Of a group that returns. */
  async count(group: string): Promise<{ synced: number; tries: number; refused: number }> {
    const { edits, messages, closed } = await this.#gather(() => ({ do: 'count', group }));
    return { synced: edits, tries: messages, refused: closed };
  }

  async #gather(order: (nth: number) => LoadOrder): Promise<Received> {
    const answers = await this.#each(order);
    const received = answers.flatMap((answer) => (answer === null ? [] : [answer]));
    const sum = (of: (one: Received) => number): number => received.reduce((so, one) => so + of(one), 0);
    const agesMs = new Float64Array(sum((one) => one.agesMs.length));
    let at = 0;
    for (const one of received) {
      agesMs.set(one.agesMs, at);
      at += one.agesMs.length;
    }
    return {
      edits: sum((one) => one.edits),
      agesMs,
      messages: sum((one) => one.messages),
      bytes: sum((one) => one.bytes),
      pings: sum((one) => one.pings),
      closed: sum((one) => one.closed),
    };
  }

  /** The sockets of a group read no more. */
  stall = (group: string): Promise<unknown> => this.#each(() => ({ do: 'stall', group }));
  leave = (group: string): Promise<unknown> => this.#each(() => ({ do: 'leave', group }));

  move = (group: string): Promise<unknown> => this.#each(() => ({ do: 'move', group }));
  rest = (group: string): Promise<unknown> => this.#each(() => ({ do: 'rest', group }));

  #shareOf = (places: readonly Place[], nth: number): Place[] =>
    places.filter((_, i) => i % this.#children.length === nth);

  #each(order: (nth: number) => LoadOrder): Promise<(Received | null)[]> {
    return Promise.all(this.#children.map((child, nth) => tell(child, order(nth))));
  }
}

/** Orders are carried out side by side, so an answer says which one it is to. */
function tell(child: ChildProcess, order: LoadOrder): Promise<Received | null> {
  const id = randomUUID();
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      child.off('exit', ended);
      child.off('message', read);
    };
    const ended = (): void => reject(new Error('a process that makes load ended'));
    const read = (answer: LoadAnswer): void => {
      if (answer.id !== id) return;
      stop();
      if (answer.ok) resolve(answer.received);
      else reject(new Error(answer.problem));
    };
    child.on('exit', ended);
    child.on('message', read);
    child.send({ id, order } satisfies LoadRequest);
  });
}
