import type { WebSocket } from 'ws';
import { connect, waitToComeBack } from './connect.ts';
import type { Place } from './protocols.ts';

/** Clients that come back when they are sent out, for as long as it takes. */
export class Returners {
  #synced = 0;
  #tries = 0;
  #refused = 0;
  #isOver = false;
  readonly #sockets = new Set<WebSocket>();

  static async enter(places: readonly Place[]): Promise<Returners> {
    const returners = new Returners();
    await Promise.all(places.map((place) => returners.#come(place, 0)));
    return returners;
  }

  /** Clients that have the document now, and tries since this was asked last, with those that the server did not take. */
  count(): { synced: number; tries: number; refused: number } {
    const counted = { synced: this.#synced, tries: this.#tries, refused: this.#refused };
    this.#tries = this.#refused = 0;
    return counted;
  }

  leave(): void {
    this.#isOver = true;
    for (const socket of this.#sockets) socket.terminate();
  }

  /** Resolves when this client has the document, at whichever try. */
  async #come(place: Place, attempt: number): Promise<void> {
    this.#tries += 1;
    const connected = await connect(place).catch(() => null);
    if (connected === null) {
      this.#refused += 1;
      return this.#comeLater(place, attempt + 1);
    }
    const { socket } = connected;
    this.#synced += 1;
    this.#sockets.add(socket);
    socket.once('close', () => {
      this.#synced -= 1;
      this.#sockets.delete(socket);
      void this.#comeLater(place, 0);
    });
  }

  async #comeLater(place: Place, attempt: number): Promise<void> {
    await waitToComeBack(attempt);
    if (!this.#isOver) await this.#come(place, attempt);
  }
}
