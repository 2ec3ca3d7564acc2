import { encodeFrame } from '@lineage/collab';
import { SHOW_TOGETHER } from './room-limits.ts';
import type { RoomMember } from './room-member.ts';

type Shown = Pick<RoomMember, 'gather' | 'sendEdit' | 'sendGathered'>;
type Edit = { readonly author: Shown; readonly update: Uint8Array };

/** Shows a room's edits to everybody but their authors, those of one commit together. */
export class EditShowing {
  readonly #members: ReadonlySet<Shown>;
  #waiting: Edit[] = [];
  #shownAt = Number.NEGATIVE_INFINITY;

  constructor(members: ReadonlySet<Shown>) {
    this.#members = members;
  }

  show(edit: Edit): void {
    const isAlone = this.#members.size === 1 && this.#members.has(edit.author);
    if (isAlone) return;
    this.#waiting.push(edit);
    if (this.#waiting.length > 1) return;
    if (this.#waitsForCompany()) setTimeout(() => this.#broadcast(), SHOW_TOGETHER.forMs);
    else queueMicrotask(() => this.#broadcast());
  }

  #waitsForCompany(): boolean {
    const { fromSockets, afterMs } = SHOW_TOGETHER;
    return this.#members.size >= fromSockets && performance.now() - this.#shownAt < afterMs;
  }

  /** To everybody who is still here; the author of an edit may have left before it was on disk. */
  #broadcast(): void {
    const edits = this.#waiting;
    this.#waiting = [];
    this.#shownAt = performance.now();
    const isMany = edits.length > 1;
    if (isMany) for (const member of this.#members) member.gather();
    // One frame after the other, so that it crosses a link to another process once.
    for (const { author, update } of edits) {
      const frame = encodeFrame({ type: 'update', update });
      for (const member of this.#members) if (member !== author) member.sendEdit(frame);
    }
    if (isMany) for (const member of this.#members) member.sendGathered();
  }
}
