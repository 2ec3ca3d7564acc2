import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { type WebSocket, WebSocket as Socket, WebSocketServer } from 'ws';
import { CONFIG, type Config } from '../../config/index.ts';
import { log } from '../../platform/logging/index.ts';
import { ApiProcesses, type Peer } from './api-processes.service.ts';
import { type Channel, type ChannelEnds, DialledLink, PeerLost } from './dialled-link.ts';
import { peerClientTls, peerKey, peerServerTls } from './peer-tls.ts';
import { LINK_OPEN_MS, MAX_LINK_MESSAGE_BYTES } from './process-limits.ts';
import { type Answerer, type ChannelServer, ServedLink } from './served-link.ts';

const PING = 'ping';

/** Links with the other API processes: one to each that is asked, one from each that asks. */
@Injectable()
export class Peers implements BeforeApplicationShutdown, OnApplicationShutdown {
  readonly #calls = new Map<string, Answerer>();
  readonly #channels = new Map<string, ChannelServer>();
  readonly #dialled = new Map<string, Promise<DialledLink>>();
  readonly #served = new Set<ServedLink>();
  readonly #key: Buffer;
  #server: Server | null = null;
  #isLeaving = false;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly processes: ApiProcesses,
  ) {
    this.#key = peerKey(config.identity.secret);
    this.answer(PING, () => Promise.resolve(null));
  }

  /** Answers `name` of other processes. `payload` comes from a peer: parse it. */
  answer(name: string, answer: Answerer): void {
    this.#calls.set(name, answer);
  }

  /** Serves channels of this name. The answer has to `take` the channel or close it. */
  serve(name: string, serve: ChannelServer): void {
    this.#channels.set(name, serve);
  }

  /** Listens and says that this process lives. Call it when everything that others may ask is there. */
  async start(): Promise<void> {
    const { peer } = this.config;
    if (peer === null) return;
    const server = createServer(peerServerTls(this.#key));
    // Whoever has not the secret, or scans ports.
    server.on('tlsClientError', (err) => log.warn({ err }, 'link of another process refused'));
    const sockets = new WebSocketServer({
      server,
      perMessageDeflate: false,
      maxPayload: MAX_LINK_MESSAGE_BYTES,
    });
    sockets.on('connection', (ws) => this.#accept(ws));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(peer.port, peer.host, () => resolve());
    });
    this.#server = server;
    const { port } = server.address() as AddressInfo;
    const host = peer.host.includes(':') ? `[${peer.host}]` : peer.host;
    await this.processes.enter(`${host}:${port}`);
    log.info({ address: `${host}:${port}` }, 'other processes may link');
  }

  /** @throws PeerLost, Moved, or the DomainError that the other process answered with */
  async call(peer: Peer, name: string, payload: unknown): Promise<unknown> {
    return (await this.#link(peer)).call(name, payload);
  }

  /** A channel to `peer` for one relayed socket. @throws PeerLost */
  async open(peer: Peer, name: string, payload: unknown, ends: ChannelEnds): Promise<Channel> {
    return (await this.#link(peer)).open(name, payload, ends);
  }

  /** Resolves when `peer` answers. @throws PeerLost */
  async reach(peer: Peer): Promise<void> {
    await this.call(peer, PING, null);
  }

  beforeApplicationShutdown(): void {
    this.#isLeaving = true;
  }

  async onApplicationShutdown(): Promise<void> {
    for (const dialling of this.#dialled.values())
      await dialling.then(
        (link) => link.close(),
        () => undefined,
      );
    for (const link of this.#served) link.close();
    this.#server?.closeAllConnections();
    this.#server?.close();
  }

  async #link(peer: Peer): Promise<DialledLink> {
    const known = this.#dialled.get(peer.id);
    if (known !== undefined) return known;
    if (this.#isLeaving) throw new PeerLost('this process is being stopped');
    const dialling = this.#dial(peer);
    this.#dialled.set(peer.id, dialling);
    dialling.catch(() => this.#forget(peer, dialling));
    return dialling;
  }

  #forget(peer: Peer, dialling: Promise<DialledLink>): void {
    if (this.#dialled.get(peer.id) === dialling) this.#dialled.delete(peer.id);
  }

  async #dial(peer: Peer): Promise<DialledLink> {
    const ws = new Socket(`wss://${peer.address}/`, {
      ...peerClientTls(this.#key),
      perMessageDeflate: false,
      maxPayload: MAX_LINK_MESSAGE_BYTES,
      handshakeTimeout: LINK_OPEN_MS,
    });
    await new Promise<void>((resolve, reject) => {
      ws.once('open', () => resolve());
      ws.once('error', (err) => reject(new PeerLost('another process is not reached', { cause: err })));
    });
    const link = new DialledLink(ws, () => this.#dialled.delete(peer.id));
    return link;
  }

  #accept(ws: WebSocket): void {
    const services = { calls: this.#calls, channels: this.#channels };
    const link = new ServedLink(ws, services, () => this.#served.delete(link));
    this.#served.add(link);
  }
}
