import {
  type BeforeApplicationShutdown,
  Injectable,
  type OnModuleDestroy,
  type OnModuleInit,
} from '@nestjs/common';
import { MAX_FRAME_BYTES } from '@lineage/collab';
import type { AccountId } from '@lineage/contracts';
import { DomainEvents } from '../../../platform/events/index.ts';
import { log } from '../../../platform/logging/index.ts';
import { type Peer, Peers } from '../../processes/index.ts';
import { attend, refuse } from '../open-socket.ts';
import { type Admitted, RoomAdmission } from '../room-admission.ts';
import type { DirectSocket } from '../room-socket.ts';
import { Rooms } from '../rooms.service.ts';
import { relayNames, type RelayedSocketRequest } from './relay-contract.ts';
import { Relayed } from './relayed.ts';

/** Sockets of this process whose rooms other processes hold. It has no document, and passes frames on as they are. */
@Injectable()
export class RoomRelay implements OnModuleInit, OnModuleDestroy, BeforeApplicationShutdown {
  readonly #relayed = new Set<Relayed>();
  #stop: (() => void)[] = [];

  constructor(
    private readonly peers: Peers,
    private readonly rooms: Rooms,
    private readonly admission: RoomAdmission,
    private readonly events: DomainEvents,
  ) {}

  get size(): number {
    return this.#relayed.size;
  }

  onModuleInit(): void {
    // The holder does the same; whichever hears it first.
    this.#stop = [
      this.events.on('login.ended', ({ accountId, loginId }) => this.#end(accountId, loginId)),
      this.events.on('permissions.changed', ({ accountIds }) => this.#ask(new Set(accountIds))),
    ];
  }

  onModuleDestroy(): void {
    for (const stop of this.#stop) stop();
  }

  /** The holder goes on; its people come back by way of another process. */
  beforeApplicationShutdown(): void {
    for (const { ws } of this.#relayed) refuse(ws, 'goingDown');
  }

  /** Resolves when the socket is in the room, or was closed. @throws PeerLost, Moved: look for the room again */
  async enter(socket: DirectSocket, peer: Peer, admitted: Admitted, isStock: boolean): Promise<void> {
    const { ws } = socket;
    if (ws.readyState !== ws.OPEN) return;
    const { workspace, proof } = admitted;
    const relayed = new Relayed(socket, admitted, () => void this.#holderLost(relayed));
    const request: RelayedSocketRequest = { workspaceId: workspace.id, ...proof, isStock };
    const channel = await this.peers.open(peer, relayNames.socket, request, relayed.ends);
    await relayed.entered(channel);
    if (ws.readyState !== ws.OPEN) return channel.close();
    this.#relayed.add(relayed);
    attend(ws, {
      received: (bytes) => {
        if (bytes.length > MAX_FRAME_BYTES) refuse(ws, 'tooLarge');
        else relayed.passOn(bytes);
      },
      closed: () => {
        this.#relayed.delete(relayed);
        channel.close();
      },
    });
    relayed.begin();
  }

  /**
   * The socket stays until the room has a holder again, so that its client comes back once and not over and over. It is
   * closed then, as in a restart: it says again what was not acknowledged.
   */
  async #holderLost(relayed: Relayed): Promise<void> {
    const { ws, admitted } = relayed;
    const { id } = admitted.workspace;
    this.rooms.lookAgain(id);
    try {
      await this.rooms.wherever(
        id,
        (room) => {
          if (room.members.size === 0) this.rooms.vacated(room);
        },
        (peer) => this.peers.reach(peer),
      );
    } catch (err) {
      log.warn({ err, workspaceId: id }, 'room has no holder that could be reached');
      return refuse(ws, 'overloaded');
    }
    refuse(ws, 'goingDown');
  }

  #end(accountId: AccountId, loginId: string | null): void {
    for (const { ws, admitted } of this.#relayed) {
      const { proof } = admitted;
      const ended = loginId === null || proof.loginId === null || proof.loginId === loginId;
      if (proof.accountId === accountId && ended) refuse(ws, 'unauthenticated');
    }
  }

  async #ask(accountIds: ReadonlySet<AccountId>): Promise<void> {
    for (const { ws, admitted } of [...this.#relayed]) {
      const { proof, workspace } = admitted;
      if (!accountIds.has(proof.accountId)) continue;
      if ((await this.admission.baseNow(proof, workspace)) === null) refuse(ws, 'notFound');
    }
  }
}
