import { isDeepStrictEqual } from 'node:util';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import {
  afterTurn,
  commandControl,
  type ControlRefusal,
  type RoomControl,
  roleIn,
  withoutAbsent,
  withTurn,
} from '@lineage/collab';
import {
  type AccountId,
  type RoomCommand,
  roomControlSchema,
  type RoomControlView,
  type WorkspaceId,
} from '@lineage/contracts';
import { type BaseRoomRole, type Caller, roleWrites } from '@lineage/domain';
import { DomainError } from '../../platform/errors/index.ts';
import { log } from '../../platform/logging/index.ts';
import { Moved, Peers } from '../processes/index.ts';
import { WorkspaceAccess } from '../workspaces/index.ts';
import { DriverTurns } from './driver-turns.ts';
import { relayNames } from './relay/relay-contract.ts';
import { RoomControlStore } from './room-control.store.ts';
import { DRIVER_GRACE_MS } from './room-limits.ts';
import type { RoomMember } from './room-member.ts';
import type { Room } from './room.ts';
import { Rooms } from './rooms.service.ts';

type Refusal = { readonly code: 'forbidden' | 'conflict'; readonly message: string };

const refusals: Readonly<Record<ControlRefusal, Refusal>> = {
  not_yours: {
    code: 'forbidden',
    message: 'Only who drives, or the instructor, may do this. Ask for control.',
  },
  not_now: {
    code: 'conflict',
    message: 'Control of this workspace has changed meanwhile. Look who drives now.',
  },
  cannot_drive: {
    code: 'conflict',
    message: 'This person is not in the workspace now, or may not write in it. Choose somebody who is here.',
  },
};

/** Who drives in each room: commands one after the other, durable before anybody is told. */
@Injectable()
export class RoomControls implements OnModuleDestroy {
  /** How long a driver without a socket keeps control; tests shorten it. */
  graceMs = DRIVER_GRACE_MS;
  /** A minute of a turn; tests shorten it. */
  minuteMs = 60_000;
  /** The last one under way of each room: the next one waits for it. */
  readonly #commands = new Map<WorkspaceId, Promise<unknown>>();
  /** People who left a moment ago and may only be loading the page again. */
  readonly #leaving = new Map<Room, Map<string, NodeJS.Timeout>>();
  readonly #driverTurns = new DriverTurns((room) => this.#endTurn(room));

  constructor(
    private readonly access: WorkspaceAccess,
    private readonly rooms: Rooms,
    private readonly store: RoomControlStore,
    private readonly peers: Peers,
  ) {}

  onModuleDestroy(): void {
    for (const timers of this.#leaving.values()) for (const timer of timers.values()) clearTimeout(timer);
    this.#driverTurns.end();
  }

  async get(caller: Caller, id: WorkspaceId): Promise<RoomControlView> {
    const { role } = await this.access.requireRole(caller, id);
    return view(await this.store.get(id), role, caller);
  }

  /** @throws DomainError not_found, forbidden, conflict, idempotency_mismatch */
  async command(
    caller: Caller,
    id: WorkspaceId,
    command: RoomCommand,
    idempotencyKey: string,
  ): Promise<RoomControlView> {
    await this.access.requireRole(caller, id);
    const { accountId } = caller;
    return this.rooms.byHolder(
      id,
      () => this.commandHere(caller, id, command, idempotencyKey),
      async (peer) =>
        roomControlSchema.parse(
          await this.peers.call(peer, relayNames.command, {
            workspaceId: id,
            accountId,
            command,
            idempotencyKey,
          }),
        ),
    );
  }

  /** As `command`, of a room that this process holds or can take. @throws HeldElsewhere, Moved too */
  async commandHere(
    caller: Caller,
    id: WorkspaceId,
    command: RoomCommand,
    idempotencyKey: string,
  ): Promise<RoomControlView> {
    const { role } = await this.access.requireRole(caller, id);
    const key = { workspaceId: id, accountId: caller.accountId, idempotencyKey };
    return this.#oneByOne(id, async () => {
      const done = await this.store.findCommand(key);
      if (done !== null) return view(await this.#repeated(id, done, command), role, caller);
      const room = await this.rooms.open(id);
      try {
        const control = this.#timed(room, commanded(room, { id: caller.accountId, base: role }, command));
        await this.#save(room, control, { ...key, command });
        this.#tell(room, control);
        log.info({ workspaceId: id, accountId: caller.accountId, command: command.type }, 'room commanded');
        return view(control, role, caller);
      } finally {
        if (room.members.size === 0) this.rooms.vacated(room);
      }
    });
  }

  /** The caller may change the text at this moment. @throws DomainError not_found, forbidden */
  async requireWriter(caller: Caller, id: WorkspaceId): Promise<void> {
    const { myRole } = await this.get(caller, id);
    if (!roleWrites(myRole)) throw refused('not_yours');
  }

  entered(room: Room, { proof }: RoomMember): void {
    this.#cameBack(room, proof.accountId);
    this.#driverTurns.watch(room);
    const { driver } = room.control;
    // Of before a restart: they have as long to come as if they had left now.
    if (driver !== null && !isHere(room, driver)) this.#awaitReturn(room, driver);
  }

  /** Who lost the right to write has no time to come back: `settle` is called for that. */
  left(room: Room, { proof, base }: RoomMember): void {
    const { driver, asking } = room.control;
    const { accountId } = proof;
    const counts = base === 'driver' && (driver === accountId || asking.includes(accountId));
    if (counts && !isHere(room, accountId)) this.#awaitReturn(room, accountId);
  }

  /** Gives way where somebody is gone for good or may not write any more. */
  async settle(room: Room): Promise<void> {
    const { id } = room.workspace;
    await this.#oneByOne(id, async () => {
      const leaving = this.#leaving.get(room);
      const mayDrive = mayDriveIn(room);
      const control = withoutAbsent(room.control, (who) => mayDrive(who) || leaving?.has(who) === true);
      await this.#change(room, control);
    });
  }

  /** The driver's turn is over: the next one's begins, unless nobody is there to see it. */
  async #endTurn(room: Room): Promise<void> {
    await this.#oneByOne(room.workspace.id, async () => {
      const { turnEndsAt } = room.control;
      if (turnEndsAt === null || room.members.size === 0) return;
      // Timers and the clock do not agree to the millisecond, and the clock may be set back.
      if (turnEndsAt > Date.now()) return this.#driverTurns.watch(room);
      await this.#change(room, afterTurn(room.control, driversIn(room)));
    });
  }

  async #change(room: Room, changed: RoomControl): Promise<void> {
    const control = this.#timed(room, changed);
    if (control === room.control) return;
    await this.#save(room, control, null);
    this.#tell(room, control);
  }

  /** @throws Moved when another process has taken the room */
  async #save(room: Room, control: RoomControl, by: Parameters<RoomControlStore['save']>[2]): Promise<void> {
    if (await this.store.save({ workspaceId: room.workspace.id, fence: room.fence }, control, by)) return;
    this.rooms.lost(room, 'goingDown');
    throw new Moved('another process has taken the room');
  }

  #timed(room: Room, changed: RoomControl): RoomControl {
    return withTurn(room.control, changed, (minutes) => Date.now() + minutes * this.minuteMs);
  }

  #tell(room: Room, control: RoomControl): void {
    room.setControl(control);
    this.#driverTurns.watch(room);
  }

  async #repeated(id: WorkspaceId, done: RoomCommand, command: RoomCommand): Promise<RoomControl> {
    if (!isDeepStrictEqual(done, command)) {
      throw new DomainError(
        'idempotency_mismatch',
        'This Idempotency-Key was used for another command. Use a fresh one.',
      );
    }
    return this.store.get(id);
  }

  #awaitReturn(room: Room, accountId: string): void {
    const timers = this.#leaving.get(room) ?? new Map<string, NodeJS.Timeout>();
    this.#leaving.set(room, timers);
    if (timers.has(accountId)) return;
    const gone = (): void => {
      this.#cameBack(room, accountId);
      this.settle(room).catch((err: unknown) =>
        log.error({ err, workspaceId: room.workspace.id }, 'control not passed on'),
      );
    };
    timers.set(accountId, setTimeout(gone, this.graceMs).unref());
  }

  #cameBack(room: Room, accountId: string): void {
    const timers = this.#leaving.get(room);
    clearTimeout(timers?.get(accountId));
    timers?.delete(accountId);
    if (timers?.size === 0) this.#leaving.delete(room);
  }

  /** One after the other for each workspace; a failed one holds up nobody. */
  async #oneByOne<T>(id: WorkspaceId, work: () => Promise<T>): Promise<T> {
    const before = this.#commands.get(id) ?? Promise.resolve();
    const mine = before.then(work, work);
    this.#commands.set(id, mine);
    try {
      return await mine;
    } finally {
      if (this.#commands.get(id) === mine) this.#commands.delete(id);
    }
  }
}

function commanded(
  room: Room,
  actor: { id: AccountId; base: BaseRoomRole },
  command: RoomCommand,
): RoomControl {
  if (actor.base === 'driver' && !isHere(room, actor.id))
    throw new DomainError('conflict', 'Open the workspace first: only who is in it can have control.');
  const answer = commandControl(room.control, actor, command, mayDriveIn(room));
  if (!answer.ok) throw refused(answer.why);
  return answer.control;
}

function refused(why: ControlRefusal): DomainError {
  const { code, message } = refusals[why];
  return new DomainError(code, message);
}

const isHere = (room: Room, accountId: string): boolean =>
  [...room.members].some(({ proof }) => proof.accountId === accountId);

const driversIn = (room: Room): string[] => [
  ...new Set(
    [...room.members].filter(({ base }) => base === 'driver').map(({ proof }) => proof.accountId as string),
  ),
];

const mayDriveIn = (room: Room) => (accountId: string) => driversIn(room).includes(accountId);

function view(control: RoomControl, base: BaseRoomRole, { accountId }: Caller): RoomControlView {
  return {
    ...control,
    driver: control.driver as AccountId | null,
    handedBy: control.handedBy as AccountId | null,
    asking: control.asking as AccountId[],
    turnEndsAt: control.turnEndsAt === null ? null : new Date(control.turnEndsAt).toISOString(),
    myRole: roleIn(control, base, accountId),
  };
}
