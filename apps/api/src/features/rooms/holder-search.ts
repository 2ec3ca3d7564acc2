import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkspaceId } from '@lineage/contracts';
import { DomainError } from '../../platform/errors/index.ts';
import { Moved, type Peer, PeerLost } from '../processes/index.ts';
import { HeldElsewhere } from './room-leases.ts';
import { FIND_AGAIN_MS, FIND_ROOM_MS, HOLDER_KNOWN_MS } from './room-limits.ts';

/** Finds who holds a room, and remembers it for a moment: a class that comes in at once need not ask one by one. */
export class HolderSearch {
  readonly #elsewhere = new Map<WorkspaceId, { readonly peer: Peer; readonly until: number }>();

  /** The process that held the room a moment ago, where that was another one. */
  known(id: WorkspaceId): Peer | null {
    const known = this.#elsewhere.get(id);
    return known !== undefined && known.until > performance.now() ? known.peer : null;
  }

  note(id: WorkspaceId, peer: Peer): void {
    const now = performance.now();
    for (const [other, { until }] of this.#elsewhere) {
      if (until > now) break;
      this.#elsewhere.delete(other);
    }
    this.#elsewhere.delete(id);
    this.#elsewhere.set(id, { peer, until: now + HOLDER_KNOWN_MS });
  }

  forget(id: WorkspaceId): void {
    this.#elsewhere.delete(id);
  }

  /**
   * Does `here`, or `there` when that finds another holder; and looks again when the holder is lost meanwhile.
   * @throws DomainError unavailable
   */
  async run<T>(id: WorkspaceId, here: () => Promise<T>, there: (peer: Peer) => Promise<T>): Promise<T> {
    const deadline = performance.now() + FIND_ROOM_MS;
    for (;;) {
      try {
        return await hereOrThere(here, there);
      } catch (err) {
        if (!(err instanceof Moved || err instanceof PeerLost)) throw err;
        this.forget(id);
        if (performance.now() > deadline) {
          throw new DomainError(
            'unavailable',
            'The server that has this workspace does not answer. Try again in a moment.',
            { cause: err },
          );
        }
        await sleep(FIND_AGAIN_MS);
      }
    }
  }
}

async function hereOrThere<T>(here: () => Promise<T>, there: (peer: Peer) => Promise<T>): Promise<T> {
  try {
    return await here();
  } catch (err) {
    if (err instanceof HeldElsewhere) return there(err.peer);
    throw err;
  }
}
