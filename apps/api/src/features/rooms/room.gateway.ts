import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type BeforeApplicationShutdown, Injectable, type OnModuleInit } from '@nestjs/common';
import { LINEAGE_SUBPROTOCOL } from '@lineage/collab';
import { type WebSocket, WebSocketServer } from 'ws';
import { OriginPolicy } from '../../platform/auth/index.ts';
import { UpgradeRouter } from '../../platform/http/index.ts';
import { log } from '../../platform/logging/index.ts';
import { toPerson } from '../identity/index.ts';
import { attend, refuse } from './open-socket.ts';
import { RoomRelay } from './relay/room-relay.ts';
import { type Admitted, chooseSubprotocol, RoomAdmission } from './room-admission.ts';
import { ADMISSION_DEADLINE_MS, MAX_MESSAGE_BYTES } from './room-limits.ts';
import { RoomSeats } from './room-seats.ts';
import { DirectSocket } from './room-socket.ts';
import type { Room } from './room.ts';
import { Rooms } from './rooms.service.ts';

const PREFIX = '/collab/';

/**
 * WebSockets of `/collab/:workspaceId`: the handshake first, then login, policy and document, then frames; those of a
 * room that another process holds go there.
 */
@Injectable()
export class RoomGateway implements OnModuleInit, BeforeApplicationShutdown {
  readonly #server = new WebSocketServer({
    noServer: true,
    // Edits are too small to gain, and each socket would cost 300 KiB. DirectSocket writes messages past the library, which
    // must keep nothing back for that.
    perMessageDeflate: false,
    maxPayload: MAX_MESSAGE_BYTES,
    handleProtocols: chooseSubprotocol,
  });
  #closing = false;

  constructor(
    private readonly upgrades: UpgradeRouter,
    private readonly origins: OriginPolicy,
    private readonly admission: RoomAdmission,
    private readonly rooms: Rooms,
    private readonly seats: RoomSeats,
    private readonly relay: RoomRelay,
  ) {}

  onModuleInit(): void {
    this.upgrades.register(PREFIX, (request, socket, head) => this.#upgrade(request, socket, head));
  }

  beforeApplicationShutdown(): void {
    this.#closing = true;
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (!this.origins.allows(request.headers)) {
      log.info({ workspace: pathOf(request) }, 'room refused to another origin');
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (ws) => {
      // Nothing is read before the document is there.
      ws.pause();
      ws.on('error', (err) => log.info({ err, workspace: pathOf(request) }, 'room socket failed'));
      this.#enter(new DirectSocket(ws, socket), request).catch((err: unknown) => {
        log.error({ err }, 'room could not be entered');
        refuse(ws, 'loadFailed');
      });
    });
  }

  async #enter(socket: DirectSocket, request: IncomingMessage): Promise<void> {
    const { ws } = socket;
    if (this.#closing) return refuse(ws, 'goingDown');
    const deadline = setTimeout(() => refuse(ws, 'overloaded'), ADMISSION_DEADLINE_MS).unref();
    try {
      const admission = await this.admission.admit(request, PREFIX);
      if (!admission.ok) {
        log.info({ workspace: pathOf(request), reason: admission.reason }, 'room refused');
        return refuse(ws, admission.reason);
      }
      await this.rooms.wherever(
        admission.workspace.id,
        (room) => this.#sit(socket, room, admission),
        (peer) => this.relay.enter(socket, peer, admission, isStock(ws)),
      );
    } finally {
      clearTimeout(deadline);
    }
  }

  #sit(socket: DirectSocket, room: Room, admission: Admitted): void {
    const { ws } = socket;
    if (ws.readyState !== ws.OPEN) return this.seats.letGo(room);
    if (this.seats.isFull(room, admission.proof, false)) return refuse(ws, 'overloaded');
    const person = toPerson({ id: admission.caller.accountId, name: admission.caller.name });
    const { proof, base } = admission;
    const seat = this.seats.take(room, socket, { proof, base, person, isStock: isStock(ws) });
    attend(ws, { received: (bytes) => seat.receive(bytes), closed: () => seat.leave() });
    ws.resume();
  }
}

const isStock = (ws: WebSocket): boolean => ws.protocol !== LINEAGE_SUBPROTOCOL;

/** Without the query string, which may hold what is not for logs. */
const pathOf = ({ url }: IncomingMessage): string => (url ?? '').split('?')[0] ?? '';
