import { log } from '../../platform/logging/index.ts';
import { TURN_RETRY_MS } from './room-limits.ts';
import type { Room } from './room.ts';

/** Notices when a driver's turn is over, in every room that has turns. */
export class DriverTurns {
  readonly #timers = new Map<Room, NodeJS.Timeout>();
  readonly #onEnd: (room: Room) => Promise<void>;

  constructor(onEnd: (room: Room) => Promise<void>) {
    this.#onEnd = onEnd;
  }

  /** The room's control may have changed: its turn ends at another time, or never. */
  watch(room: Room): void {
    const { turnEndsAt } = room.control;
    clearTimeout(this.#timers.get(room));
    this.#timers.delete(room);
    if (turnEndsAt !== null) this.#wait(room, Math.max(0, turnEndsAt - Date.now()));
  }

  end(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  #wait(room: Room, ms: number): void {
    this.#timers.set(room, setTimeout(() => this.#over(room), ms).unref());
  }

  #over(room: Room): void {
    this.#timers.delete(room);
    this.#onEnd(room).catch((err: unknown) => {
      log.error({ err, workspaceId: room.workspace.id }, 'turn not passed on');
      this.#wait(room, TURN_RETRY_MS);
    });
  }
}
