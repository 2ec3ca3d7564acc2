import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { Injectable } from '@nestjs/common';

type UpgradeHandler = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/** socket.io listens to upgrades by itself, on this prefix. */
const SOCKET_IO_PREFIX = '/socket.io/';

/**
 * Gives each WebSocket upgrade to the gateway that owns its path. Two libraries share one HTTP server, so nobody may
 * end what is not theirs: what no one owns is refused here, at once.
 */
@Injectable()
export class UpgradeRouter {
  readonly #handlers = new Map<string, UpgradeHandler>();

  /** `prefix` begins and ends with a slash. */
  register(prefix: string, handler: UpgradeHandler): void {
    this.#handlers.set(prefix, handler);
  }

  attach(server: Server): void {
    server.on('upgrade', (request, socket, head) => {
      const url = request.url ?? '/';
      if (url.startsWith(SOCKET_IO_PREFIX)) return;
      for (const [prefix, handler] of this.#handlers) {
        if (url.startsWith(prefix)) {
          handler(request, socket, head);
          return;
        }
      }
      socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    });
  }
}
