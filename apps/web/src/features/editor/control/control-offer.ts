import { nextDriver, type RoomControl } from '@lineage/collab';
import type { RoomCommand } from '@lineage/contracts';

/** Whoever looks at the room. */
export type Onlooker = { readonly id: string; readonly role: string };
export type Offer = {
  readonly label: 'drive' | 'ask' | 'withdraw' | 'handOverAsking' | 'decline' | 'takeBack' | 'takeFrom';
  /** Whom the label names; null when it names nobody. */
  readonly who: string | null;
  readonly command: RoomCommand;
};

/** What somebody may do about who drives in driver mode, what they most likely want first. */
export function offersFor(control: RoomControl, { id, role }: Onlooker): Offer[] {
  if (control.mode === 'free' || role === 'observer') return [];
  const steers = role === 'lead' || control.driver === id;
  const first = control.asking[0] ?? null;
  const offers: Offer[] = [];
  if (steers && first !== null) {
    offers.push(
      { label: 'handOverAsking', who: first, command: { type: 'hand_over', to: accountOf(first) } },
      { label: 'decline', who: first, command: { type: 'decline', who: accountOf(first) } },
    );
  }
  if (role === 'lead') {
    if (control.driver !== null)
      offers.push({ label: 'takeFrom', who: control.driver, command: { type: 'take_back' } });
  } else if (control.driver === null) {
    offers.push({ label: 'drive', who: null, command: { type: 'ask' } });
  } else if (control.driver !== id) {
    if (control.handedBy === id)
      offers.push({ label: 'takeBack', who: null, command: { type: 'take_back' } });
    else if (control.asking.includes(id))
      offers.push({ label: 'withdraw', who: null, command: { type: 'withdraw' } });
    else offers.push({ label: 'ask', who: null, command: { type: 'ask' } });
  }
  return offers;
}

/** Turns that may be chosen, in minutes: long enough for a thought, short enough that nobody drifts off. */
export const TURN_CHOICES = [5, 7, 10, 15] as const;

export type MoreOffers = {
  /** People that control can be given to. */
  readonly handOverTo: readonly string[];
  readonly canSetTurns: boolean;
  readonly canFree: boolean;
};

/** The rest, for a menu. `drivers` are the people in the room who may drive. */
export function moreOffersFor(
  control: RoomControl,
  { id, role }: Onlooker,
  drivers: readonly string[],
): MoreOffers {
  const driverMode = control.mode === 'driver';
  const steers = driverMode && (role === 'lead' || control.driver === id);
  const canLeave = !control.heldByLead && (control.driver === null || control.driver === id);
  return {
    handOverTo: steers ? drivers.filter((who) => who !== control.driver && who !== id) : [],
    canSetTurns: steers,
    canFree: driverMode && (role === 'lead' || (role !== 'observer' && canLeave)),
  };
}

/** Whether taking turns makes sense for somebody: all write, they may choose it, and there is somebody to take turns with. */
export const canTakeTurns = (control: RoomControl, me: Onlooker, drivers: readonly string[]): boolean =>
  control.mode === 'free' &&
  (me.role === 'lead' || me.role === 'driver') &&
  drivers.some((who) => who !== me.id);

/** Who drives after this turn; null without turns, or when nobody else is there. */
export const nextInTurn = (control: RoomControl, drivers: readonly string[]): string | null =>
  control.turnEndsAt === null ? null : nextDriver(control, drivers);

/** The ids in a control are those of accounts. */
export const accountOf = (id: string): Extract<RoomCommand, { type: 'hand_over' }>['to'] =>
  id as Extract<RoomCommand, { type: 'hand_over' }>['to'];
