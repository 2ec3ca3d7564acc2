import type { BeforeApplicationShutdown } from '@nestjs/common';
import {
  type OnGatewayConnection,
  type OnGatewayDisconnect,
  type OnGatewayInit,
  WebSocketGateway,
} from '@nestjs/websockets';
import type { WatchReply } from '@lineage/contracts';
import { CallerResolver } from '../../../platform/auth/index.ts';
import { log } from '../../../platform/logging/index.ts';
import { MAX_SOCKETS_PER_ACCOUNT } from './live-limits.ts';
import { countClose, countRefusal } from './live-metrics.ts';
import { type LiveServer, LiveSocket, type ServerSocket } from './live-socket.ts';
import { LiveSockets } from './live-sockets.ts';
import { Watches } from './watches.service.ts';

/** socket.io: proves the login at the handshake, then hands each message on. Origin was checked before the upgrade. */
@WebSocketGateway()
export class LiveGateway
  implements OnGatewayInit, OnGatewayConnection, OnGatewayDisconnect, BeforeApplicationShutdown
{
  #server: LiveServer | null = null;

  constructor(
    private readonly callers: CallerResolver,
    private readonly sockets: LiveSockets,
    private readonly watches: Watches,
  ) {}

  afterInit(server: LiveServer): void {
    this.#server = server;
    server.use((socket, next) => {
      this.#prove(socket).then(
        (refusal) => {
          if (refusal === null) return next();
          countRefusal(refusal);
          log.info({ code: refusal }, 'class socket refused');
          next(new Error(refusal));
        },
        (err: unknown) => {
          log.error({ err }, 'socket could not be admitted');
          next(new Error('unavailable'));
        },
      );
    });
  }

  handleConnection(socket: ServerSocket): void {
    const { live } = socket.data;
    if (live === undefined) return;
    this.sockets.add(live);
    this.#listen(socket, live);
    socket.once('disconnect', (reason, error) => {
      countClose(reason);
      // What socket.io itself could not take: a message that is too large or no message of its protocol.
      if (reason === 'transport error' || reason === 'parse error')
        log.info(
          { accountId: live.caller.accountId, reason, problem: problemOf(error) },
          'class socket failed',
        );
    });
  }

  handleDisconnect(socket: ServerSocket): void {
    const { live } = socket.data;
    if (live === undefined) return;
    this.watches.closeAll(live);
    this.sockets.remove(live);
  }

  /** Clients come back by themselves, to whoever answers then. */
  beforeApplicationShutdown(): void {
    this.#server?.disconnectSockets(true);
  }

  /**
   * Without `@SubscribeMessage`: a class that opens a run sends all its watches at once, and to each of them the pipeline of
   * guards, pipes and interceptors is as much work as the answer. There is nothing in it for these: the login was proved at
   * the handshake, and `Watches` validates.
   */
  #listen(socket: ServerSocket, live: LiveSocket): void {
    socket.on('watch', (message, reply) => void this.watches.watch(live, message).then(answerTo(reply)));
    socket.on('unwatch', (message, reply) => answerTo(reply)(this.watches.unwatch(live, message)));
  }

  /** Null, or the code that the client finds as the message of its connection error. */
  async #prove(socket: ServerSocket): Promise<'unauthenticated' | 'too_many_requests' | null> {
    const login = await this.callers.resolve(socket.request.headers);
    if (login === null) return 'unauthenticated';
    if (this.sockets.ofAccount(login.caller.accountId).length >= MAX_SOCKETS_PER_ACCOUNT)
      return 'too_many_requests';
    socket.data.live = new LiveSocket(socket, login.loginId, login.caller);
    return null;
  }
}

/** socket.io hands the transport's error on, wrapped once or twice. */
function problemOf(error: unknown): string {
  const cause: unknown = error instanceof Error && 'description' in error ? error.description : error;
  return cause instanceof Error ? cause.message : String(cause);
}

/** Who does not ask for an answer gets none; what a client sends has any shape. */
const answerTo =
  (reply: unknown) =>
  (answer: WatchReply): void => {
    if (typeof reply === 'function') (reply as (answer: WatchReply) => void)(answer);
  };
