/**
 * Who may write in a room, as pure rules. In free mode every member of the group writes; in driver mode one of them
 * does, the others navigate, and control is asked for, handed over and taken back. Ids are those of accounts.
 */

/** Who asks at once; more people than a group has. */
export const MAX_ASKING = 16;
/** People are told that a turn ends this long before it does. */
export const TURN_NOTICE_MS = 30_000;

export type RoomControl = {
  /** Rises by one with each change; 0 is a room in which nobody ever changed anything. */
  readonly seq: number;
  readonly mode: 'free' | 'driver';
  /** Null in free mode, and in driver mode while nobody has control: who asks then has it. */
  readonly driver: string | null;
  /** Who handed control to the driver, and may take it back. */
  readonly handedBy: string | null;
  /** Who would like to drive, the first one first. */
  readonly asking: readonly string[];
  /** A lead chose driver mode: the group cannot leave it by itself. */
  readonly heldByLead: boolean;
  /** Control goes round: a turn lasts this long. Null: it lasts until it is handed over. */
  readonly turnMinutes: number | null;
  /** When the driver's turn ends, in milliseconds since the epoch by the server's clock; null without turns. */
  readonly turnEndsAt: number | null;
};

/** How every room begins. */
export const freeControl: RoomControl = {
  seq: 0,
  mode: 'free',
  driver: null,
  handedBy: null,
  asking: [],
  heldByLead: false,
  turnMinutes: null,
  turnEndsAt: null,
};

/** What a person may be in a room by policy, before anybody drives. */
export type BaseRole = 'lead' | 'driver' | 'observer';
export type ControlledRole = BaseRole | 'navigator';

export type ControlCommand =
  /** Driver mode begins, with the one who says so; a lead names a driver or none. */
  | { readonly type: 'drive'; readonly driver?: string | null | undefined }
  | { readonly type: 'free' }
  | { readonly type: 'ask' }
  | { readonly type: 'withdraw' }
  | { readonly type: 'hand_over'; readonly to: string }
  | { readonly type: 'decline'; readonly who: string }
  | { readonly type: 'take_back' }
  /** Control goes round, each turn this long; null ends that. */
  | { readonly type: 'turns'; readonly minutes: number | null };

/** Why a command changes nothing: who asked may not; it does not fit what is now; the person it names cannot drive. */
export type ControlRefusal = 'not_yours' | 'not_now' | 'cannot_drive';
export type ControlAnswer =
  { readonly ok: true; readonly control: RoomControl } | { readonly ok: false; readonly why: ControlRefusal };

export type ControlActor = { readonly id: string; readonly base: BaseRole };
/** Whether an account is in the room and may write by policy. */
export type MayDrive = (id: string) => boolean;

/** What somebody may do in a room now. A lead always writes, an observer never. */
export function roleIn({ mode, driver }: RoomControl, base: BaseRole, id: string): ControlledRole {
  if (base !== 'driver' || mode === 'free') return base;
  return driver === id ? 'driver' : 'navigator';
}

/** The control after a command. A command that finds what it wants already so is no change, and no refusal. */
export function commandControl(
  control: RoomControl,
  actor: ControlActor,
  command: ControlCommand,
  mayDrive: MayDrive,
): ControlAnswer {
  if (actor.base === 'observer') return refuse('not_yours');
  switch (command.type) {
    case 'drive':
      return actor.base === 'lead'
        ? leadDrives(control, command.driver ?? null, mayDrive)
        : groupDrives(control, actor.id, mayDrive);
    case 'free':
      return leaveDriverMode(control, actor);
    case 'ask':
      return ask(control, actor, mayDrive);
    case 'withdraw':
      return change(control, { asking: without(control.asking, actor.id) });
    case 'hand_over':
      return handOver(control, actor, command.to, mayDrive);
    case 'decline':
      if (!steers(control, actor)) return refuse('not_yours');
      return change(control, { asking: without(control.asking, command.who) });
    case 'take_back':
      return takeBack(control, actor, mayDrive);
    case 'turns':
      return setTurns(control, actor, command.minutes);
  }
}

/** Who drives after this turn: who asked first, else the next of `present` by id. Null when nobody else is there. */
export function nextDriver({ driver, asking }: RoomControl, present: readonly string[]): string | null {
  const others = present.filter((id) => id !== driver).toSorted();
  const asked = asking.find((id) => others.includes(id));
  return asked ?? others.find((id) => driver !== null && id > driver) ?? others[0] ?? null;
}

/** The control after the driver's turn: the next one of `present` drives, or the same one again when nobody else is there. */
export function afterTurn(control: RoomControl, present: readonly string[]): RoomControl {
  const driver = nextDriver(control, present) ?? control.driver;
  const answer = change(control, {
    driver,
    handedBy: null,
    asking: without(control.asking, driver),
    turnEndsAt: null,
  });
  return answer.ok ? answer.control : control;
}

/** `after` with the end of the driver's turn: a new driver and another length begin a new one. `endOf` is the clock. */
export function withTurn(
  before: RoomControl,
  after: RoomControl,
  endOf: (minutes: number) => number,
): RoomControl {
  const { driver, turnMinutes, turnEndsAt } = after;
  if (turnMinutes === null || driver === null)
    return turnEndsAt === null ? after : { ...after, turnEndsAt: null };
  const goesOn = before.driver === driver && before.turnMinutes === turnMinutes && turnEndsAt !== null;
  return goesOn ? after : { ...after, turnEndsAt: endOf(turnMinutes) };
}

/** The control after people left or lost the right to write: a driver who is gone gives way to who asked first. */
export function withoutAbsent(control: RoomControl, mayDrive: MayDrive): RoomControl {
  if (control.mode === 'free') return control;
  const asking = control.asking.filter(mayDrive);
  const handedBy = control.handedBy !== null && mayDrive(control.handedBy) ? control.handedBy : null;
  const stays = control.driver === null || mayDrive(control.driver);
  const driver = stays ? control.driver : (asking[0] ?? null);
  const answer = change(control, {
    driver,
    handedBy: stays ? handedBy : null,
    asking: without(asking, driver),
  });
  return answer.ok ? answer.control : control;
}

function leadDrives(control: RoomControl, driver: string | null, mayDrive: MayDrive): ControlAnswer {
  if (driver !== null && !mayDrive(driver)) return refuse('cannot_drive');
  const asking = without(control.asking, driver);
  const handedBy = driver === control.driver ? control.handedBy : null;
  return change(control, { mode: 'driver', driver, handedBy, asking, heldByLead: true });
}

function groupDrives(control: RoomControl, id: string, mayDrive: MayDrive): ControlAnswer {
  if (control.mode === 'driver') return refuse('not_now');
  if (!mayDrive(id)) return refuse('cannot_drive');
  return change(control, { ...freeControl, seq: control.seq, mode: 'driver', driver: id });
}

function leaveDriverMode(control: RoomControl, actor: ControlActor): ControlAnswer {
  const mayLeave = !control.heldByLead && (control.driver === null || control.driver === actor.id);
  if (control.mode === 'driver' && actor.base !== 'lead' && !mayLeave) return refuse('not_yours');
  return change(control, { ...freeControl, seq: control.seq });
}

function ask(control: RoomControl, { id, base }: ControlActor, mayDrive: MayDrive): ControlAnswer {
  if (control.mode === 'free' || base === 'lead') return refuse('not_now');
  if (!mayDrive(id)) return refuse('cannot_drive');
  if (control.driver === id || control.asking.includes(id)) return { ok: true, control };
  if (control.driver === null) return change(control, { driver: id, handedBy: null });
  if (control.asking.length >= MAX_ASKING) return refuse('not_now');
  return change(control, { asking: [...control.asking, id] });
}

function handOver(control: RoomControl, actor: ControlActor, to: string, mayDrive: MayDrive): ControlAnswer {
  if (control.mode === 'free') return refuse('not_now');
  if (!steers(control, actor)) return refuse('not_yours');
  if (!mayDrive(to)) return refuse('cannot_drive');
  if (to === control.driver) return { ok: true, control };
  const handedBy = control.driver === actor.id ? actor.id : null;
  return change(control, { driver: to, handedBy, asking: without(control.asking, to) });
}

/** A lead takes control from everybody; who handed it over takes it back. */
function takeBack(control: RoomControl, actor: ControlActor, mayDrive: MayDrive): ControlAnswer {
  if (control.mode === 'free') return refuse('not_now');
  if (actor.base === 'lead') return change(control, { driver: null, handedBy: null, heldByLead: true });
  if (control.handedBy !== actor.id) return refuse('not_yours');
  if (!mayDrive(actor.id)) return refuse('cannot_drive');
  return change(control, { driver: actor.id, handedBy: null, asking: without(control.asking, actor.id) });
}

function setTurns(control: RoomControl, actor: ControlActor, turnMinutes: number | null): ControlAnswer {
  if (control.mode === 'free') return refuse('not_now');
  if (!steers(control, actor)) return refuse('not_yours');
  return change(control, { turnMinutes });
}

const steers = ({ driver }: RoomControl, { id, base }: ControlActor): boolean =>
  base === 'lead' || driver === id;

const refuse = (why: ControlRefusal): ControlAnswer => ({ ok: false, why });
const without = (ids: readonly string[], id: string | null): readonly string[] =>
  ids.filter((other) => other !== id);

function change(control: RoomControl, changes: Partial<RoomControl>): ControlAnswer {
  const changed = { ...control, ...changes };
  const isSame =
    changed.mode === control.mode &&
    changed.driver === control.driver &&
    changed.handedBy === control.handedBy &&
    changed.heldByLead === control.heldByLead &&
    changed.turnMinutes === control.turnMinutes &&
    changed.turnEndsAt === control.turnEndsAt &&
    changed.asking.length === control.asking.length &&
    changed.asking.every((id, at) => id === control.asking[at]);
  return { ok: true, control: isSame ? control : { ...changed, seq: control.seq + 1 } };
}
