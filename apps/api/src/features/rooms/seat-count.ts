import type { AccountId } from '@lineage/contracts';
import type { RoomMember } from './room-member.ts';

/** How many sockets of a room are whose, so that nobody who comes in costs a look at everybody. */
export class SeatCount {
  readonly #ofAccount = new Map<AccountId, number>();
  #relayed = 0;

  /** Sockets that other processes have. */
  get relayed(): number {
    return this.#relayed;
  }

  of(accountId: AccountId): number {
    return this.#ofAccount.get(accountId) ?? 0;
  }

  add({ proof, isRelayed }: RoomMember): void {
    this.#ofAccount.set(proof.accountId, this.of(proof.accountId) + 1);
    if (isRelayed) this.#relayed += 1;
  }

  remove({ proof, isRelayed }: RoomMember): void {
    const left = this.of(proof.accountId) - 1;
    if (left > 0) this.#ofAccount.set(proof.accountId, left);
    else this.#ofAccount.delete(proof.accountId);
    if (isRelayed) this.#relayed -= 1;
  }
}
