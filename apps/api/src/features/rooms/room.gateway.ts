import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type BeforeApplicationShutdown, Injectable, type OnModuleInit } from '@nestjs/common';
import {
  closeCodes,
  type CloseReason,
  decodeFrame,
  FrameError,
  LINEAGE_SUBPROTOCOL,
  MAX_FRAME_BYTES,
  roleIn,
} from '@lineage/collab';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import { OriginPolicy } from '../../platform/auth/index.ts';
import { UpgradeRouter } from '../../platform/http/index.ts';
import { log } from '../../platform/logging/index.ts';
import { toPerson } from '../identity/index.ts';
import { type Admission, chooseSubprotocol, RoomAdmission } from './room-admission.ts';
import { RoomControls } from './room-controls.service.ts';
import {
  ADMISSION_DEADLINE_MS,
  MAX_MESSAGE_BYTES,
  MAX_SOCKETS_PER_ACCOUNT,
  MAX_SOCKETS_PER_ROOM,
  PING_EVERY_MS,
} from './room-limits.ts';
import { RoomMember } from './room-member.ts';
import { closes, framesIn, openSockets } from './room-metrics.ts';
import type { Room } from './room.ts';
import { Rooms } from './rooms.service.ts';

const PREFIX = '/collab/';

/** WebSockets of `/collab/:workspaceId`: the handshake first, then login, policy and document, then frames. */
@Injectable()
export class RoomGateway implements OnModuleInit, BeforeApplicationShutdown {
  readonly #server = new WebSocketServer({
    noServer: true,
    // Edits are too small to gain, and each socket would cost 300 KiB.
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
    private readonly controls: RoomControls,
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
      this.#enter(ws, request).catch((err: unknown) => {
        log.error({ err }, 'room could not be entered');
        refuse(ws, 'loadFailed');
      });
    });
  }

  async #enter(ws: WebSocket, request: IncomingMessage): Promise<void> {
    if (this.#closing) return refuse(ws, 'goingDown');
    const deadline = setTimeout(() => refuse(ws, 'overloaded'), ADMISSION_DEADLINE_MS).unref();
    try {
      const admission = await this.admission.admit(request, PREFIX);
      if (!admission.ok) {
        log.info({ workspace: pathOf(request), reason: admission.reason }, 'room refused');
        return refuse(ws, admission.reason);
      }
      const room = await this.rooms.open(admission.workspace.id);
      const person = toPerson({ id: admission.caller.accountId, name: admission.caller.name });
      if (ws.readyState !== ws.OPEN) return this.#letGo(room);
      if (isFull(room, admission)) return refuse(ws, 'overloaded');
      const isStock = ws.protocol !== LINEAGE_SUBPROTOCOL;
      const catchUp = {
        resync: (m: RoomMember) => room.resync(m),
        represent: (m: RoomMember) => room.presence.sendAll(m),
      };
      const { base, proof } = admission;
      const role = roleIn(room.control, base, proof.accountId);
      const member = new RoomMember(ws, proof, { person, base, role, isStock }, catchUp);
      this.#attach(ws, room, member);
    } finally {
      clearTimeout(deadline);
    }
  }

  #attach(ws: WebSocket, room: Room, member: RoomMember): void {
    openSockets.inc();
    const stopPinging = keepAlive(ws, member);
    ws.on('message', (data) => this.#receive(room, member, data));
    ws.once('close', () => {
      stopPinging();
      openSockets.dec();
      room.leave(member);
      this.controls.left(room, member);
      this.#letGo(room);
    });
    room.join(member);
    this.controls.entered(room, member);
    ws.resume();
  }

  #receive(room: Room, member: RoomMember, data: RawData): void {
    if (!member.isOpen || !room.members.has(member)) return;
    try {
      const bytes = toBytes(data);
      if (bytes.length > MAX_FRAME_BYTES) return member.close('tooLarge', 'a frame that is too large');
      const frame = decodeFrame(bytes);
      framesIn.inc({ type: frame?.type ?? 'unknown' });
      if (frame !== null) room.receive(member, frame);
    } catch (err) {
      if (err instanceof FrameError) return member.close('badFrame', err.message);
      const { accountId } = member.proof;
      log.error({ workspaceId: room.workspace.id, accountId, err }, 'room frame failed');
      member.close('loadFailed');
    }
  }

  #letGo(room: Room): void {
    if (room.members.size === 0) this.rooms.vacated(room);
  }
}

/** Without the query string, which may hold what is not for logs. */
const pathOf = ({ url }: IncomingMessage): string => (url ?? '').split('?')[0] ?? '';

function refuse(ws: WebSocket, reason: CloseReason): void {
  closes.inc({ reason });
  const { code, sentence } = closeCodes[reason];
  // A paused socket would never see the other side's closing frame.
  ws.resume();
  ws.close(code, sentence);
}

function isFull(room: Room, admission: Extract<Admission, { ok: true }>): boolean {
  if (room.members.size >= MAX_SOCKETS_PER_ROOM) return true;
  const own = [...room.members].filter((member) => member.proof.accountId === admission.proof.accountId);
  return own.length >= MAX_SOCKETS_PER_ACCOUNT;
}

function keepAlive(ws: WebSocket, member: RoomMember): () => void {
  let answered = true;
  ws.on('pong', () => {
    answered = true;
  });
  const timer = setInterval(() => {
    if (!answered && !member.isPaused) return member.terminate();
    answered = member.isPaused;
    ws.ping();
  }, PING_EVERY_MS).unref();
  return () => clearInterval(timer);
}

function toBytes(data: RawData): Uint8Array {
  if (Array.isArray(data)) return Buffer.concat(data);
  return data instanceof ArrayBuffer ? new Uint8Array(data) : data;
}
