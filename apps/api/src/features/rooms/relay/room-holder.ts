import { Injectable, type OnModuleInit } from '@nestjs/common';
import { closeCodes, type CloseReason } from '@lineage/collab';
import type { AccountId } from '@lineage/contracts';
import type { Caller } from '@lineage/domain';
import { CallerResolver } from '../../../platform/auth/index.ts';
import { notFound } from '../../../platform/errors/index.ts';
import { log } from '../../../platform/logging/index.ts';
import { toPerson } from '../../identity/index.ts';
import { type ChannelWord, Moved, Peers, type ServedChannel } from '../../processes/index.ts';
import { ResetWorkspace } from '../reset-workspace.service.ts';
import { RoomAdmission } from '../room-admission.ts';
import { RoomControls } from '../room-controls.service.ts';
import { type Seat, RoomSeats } from '../room-seats.ts';
import type { Room } from '../room.ts';
import { Rooms } from '../rooms.service.ts';
import {
  askCommandSchema,
  askResetSchema,
  askSnapshotSchema,
  relayedSocketSchema,
  relayNames,
} from './relay-contract.ts';
import { RelayedSocket } from './relayed-socket.ts';

/** Serves what other processes relay to the rooms that this one holds. */
@Injectable()
export class RoomHolder implements OnModuleInit {
  constructor(
    private readonly peers: Peers,
    private readonly rooms: Rooms,
    private readonly seats: RoomSeats,
    private readonly admission: RoomAdmission,
    private readonly controls: RoomControls,
    private readonly resets: ResetWorkspace,
    private readonly callers: CallerResolver,
  ) {}

  onModuleInit(): void {
    this.peers.serve(relayNames.socket, (channel, payload) => {
      this.#enter(channel, payload).catch((err: unknown) => {
        if (!(err instanceof Moved)) log.error({ err }, 'relayed socket could not enter its room');
        if (err instanceof Moved) channel.close(0, '');
        else close(channel, 'loadFailed');
      });
    });
    this.peers.answer(relayNames.snapshot, (payload) => {
      const { workspaceId, after } = askSnapshotSchema.parse(payload);
      return this.rooms.snapshotHere(workspaceId, after);
    });
    this.peers.answer(relayNames.command, async (payload) => {
      const { workspaceId, accountId, command, idempotencyKey } = askCommandSchema.parse(payload);
      return this.controls.commandHere(await this.#caller(accountId), workspaceId, command, idempotencyKey);
    });
    this.peers.answer(relayNames.reset, async (payload) => {
      const { workspaceId, accountId, idempotencyKey } = askResetSchema.parse(payload);
      await this.resets.resetHere(await this.#caller(accountId), workspaceId, idempotencyKey);
    });
  }

  async #enter(channel: ServedChannel, payload: unknown): Promise<void> {
    const { workspaceId, accountId, loginId, isStock } = relayedSocketSchema.parse(payload);
    const proof = { accountId, loginId };
    const admission = await this.admission.admitRelayed(proof, workspaceId);
    if (!admission.ok) return close(channel, admission.reason);
    const room = await this.rooms.open(workspaceId);
    if (!channel.isOpen) return this.seats.letGo(room);
    if (this.seats.isFull(room, proof, true)) return close(channel, 'overloaded');
    const person = toPerson({ id: accountId, name: admission.caller.name });
    channel.say('entered');
    const socket = new RelayedSocket(channel, () => seat.leave());
    const seat = this.seats.take(room, socket, { proof, person, base: admission.base, isStock });
    channel.take({
      received: (bytes) => seat.receive(bytes),
      said: (word) => heed(room, seat, word),
      gone: () => seat.leave(),
    });
  }

  /** What the account may do is asked where the room is, whoever asked before. */
  async #caller(accountId: AccountId): Promise<Caller> {
    const caller = await this.callers.callerOf(accountId);
    if (caller === null) throw notFound('account');
    return caller;
  }
}

/** The relay's reader caught up after it missed something. */
function heed(room: Room, { member }: Seat, word: ChannelWord): void {
  if (word === 'resync') room.resync(member);
  else if (word === 'represent') room.presence.sendAll(member);
}

function close(channel: ServedChannel, reason: CloseReason): void {
  const { code, sentence } = closeCodes[reason];
  channel.close(code, sentence);
}
