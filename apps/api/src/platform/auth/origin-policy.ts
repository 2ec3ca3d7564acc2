import type { IncomingHttpHeaders } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../config/index.ts';

/**
 * Compares Origin with the instance's own address (PUBLIC_URL, or the loopback addresses of the port it listens on),
 * never with Host, which the sender chooses. No Origin means that no browser sent it.
 */
@Injectable()
export class OriginPolicy {
  #allowed: ReadonlySet<string>;

  constructor(@Inject(CONFIG) private readonly config: Config) {
    this.#allowed = this.#originsFor(config.http.port);
  }

  /** The port is known only after listening when the configured one is 0. */
  listeningOn(port: number): void {
    this.#allowed = this.#originsFor(port);
  }

  /** The address people are sent to in links. */
  get publicOrigin(): string {
    const [first] = this.#allowed;
    return first ?? '';
  }

  get allowedOrigins(): string[] {
    return [...this.#allowed];
  }

  allows(headers: IncomingHttpHeaders): boolean {
    return headers.origin === undefined || this.#allowed.has(headers.origin);
  }

  #originsFor(port: number): ReadonlySet<string> {
    if (this.config.http.publicUrl !== null) return new Set([this.config.http.publicUrl]);
    return new Set([`http://127.0.0.1:${port}`, `http://localhost:${port}`, `http://[::1]:${port}`]);
  }
}
