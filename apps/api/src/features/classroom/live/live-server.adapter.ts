import type { IncomingMessage, Server as HttpServer } from 'node:http';
import { IoAdapter } from '@nestjs/platform-socket.io';
import type { Server, ServerOptions } from 'socket.io';
import type { OriginPolicy } from '../../../platform/auth/index.ts';
import { log } from '../../../platform/logging/index.ts';
import { CONNECT_DEADLINE_MS, MAX_MESSAGE_BYTES, PING_EVERY_MS, PONG_WITHIN_MS } from './live-limits.ts';

/** socket.io on the application's own HTTP server, beside the editors' sockets. */
export class LiveServerAdapter extends IoAdapter {
  constructor(
    server: HttpServer,
    private readonly origins: OriginPolicy,
  ) {
    super(server);
  }

  override createIOServer(port: number, options?: Partial<ServerOptions>): Server {
    return super.createIOServer(port, {
      ...options,
      path: '/socket.io',
      transports: ['websocket'],
      serveClient: false,
      // Other paths have another owner.
      destroyUpgrade: false,
      maxHttpBufferSize: MAX_MESSAGE_BYTES,
      connectTimeout: CONNECT_DEADLINE_MS,
      pingInterval: PING_EVERY_MS,
      pingTimeout: PONG_WITHIN_MS,
      allowRequest: (request: IncomingMessage, answer: (err: null, ok: boolean) => void) => {
        const allowed = this.origins.allows(request.headers);
        if (!allowed) log.info('class socket refused to another origin');
        answer(null, allowed);
      },
    } as ServerOptions) as Server;
  }
}
