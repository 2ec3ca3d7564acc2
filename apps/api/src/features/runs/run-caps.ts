import type { AccountId, GroupId } from '@lineage/contracts';

/** One that runs and two that wait: enough to try things, too few to keep others waiting. */
export const MOST_RUNS_A_PERSON = 3;
/** Two people's worth: a large group takes turns rather than all places of the queue. */
export const MOST_RUNS_A_GROUP = 6;

type Owner = { readonly startedBy: AccountId; readonly groupId: GroupId };
/** Room for one more run, to be given back, or the limit that is reached. */
export type Reservation =
  { readonly kind: 'taken'; readonly release: () => void } | { readonly kind: 'person' | 'group' };

/** Counts runs that are on their way in, beside those that have not ended, so that many commands at once count too. */
export class RunCaps {
  readonly #arriving = new Set<Owner>();

  /** `open` are the runs that have not ended. */
  reserve(owner: Owner, open: readonly Owner[]): Reservation {
    const all = [...open, ...this.#arriving];
    if (all.filter(({ startedBy }) => startedBy === owner.startedBy).length >= MOST_RUNS_A_PERSON)
      return { kind: 'person' };
    if (all.filter(({ groupId }) => groupId === owner.groupId).length >= MOST_RUNS_A_GROUP)
      return { kind: 'group' };
    const arriving = { ...owner };
    this.#arriving.add(arriving);
    return { kind: 'taken', release: () => void this.#arriving.delete(arriving) };
  }
}
