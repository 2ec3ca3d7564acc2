import { X509Certificate } from 'node:crypto';
import { type Client, createClient, type Interceptor } from '@connectrpc/connect';
import { createConnectTransport, Http2SessionManager } from '@connectrpc/connect-node';
import { RunnerService } from '@lineage/runner-protocol';
import { agentWire } from '../agent-wire.ts';
import type { ApiIdentity } from './api-identity.ts';
import { DEADLINE_SECONDS } from './runner-pod.ts';

/** An agent that does not answer this long is gone, whatever its connection says. */
const PING_INTERVAL_MS = 5_000;
const PING_TIMEOUT_MS = 5_000;
/** A pod may wait this long for a group. */
const LONGEST_IDLE_MS = 1000 * DEADLINE_SECONDS;
/** The name in every agent's certificate; which agent it is, the certificate itself says. */
const AGENT_NAME = 'lineage-runner';

/** Where an agent listens on TCP, and the one certificate that is its. */
export type AgentAddress = { readonly host: string; readonly port: number; readonly certificate: Buffer };

/** An agent as the holder of a lease speaks to it. */
export type LeasedAgent = { readonly client: Client<typeof RunnerService>; close(): void };

/**
 * A connection to one agent with mutual TLS. Only the holder of exactly this certificate's key is believed: no authority is
 * asked, so another pod that gets the address is refused before it hears a byte. To the agent a connection says nothing:
 * it is a call that names a lease.
 */
export class AgentConnection {
  readonly #sessions: Http2SessionManager;

  constructor(agent: AgentAddress, identity: ApiIdentity) {
    const pinned = new X509Certificate(agent.certificate);
    this.#sessions = new Http2SessionManager(
      `https://${agent.host.includes(':') ? `[${agent.host}]` : agent.host}:${agent.port}`,
      // Idle connections are not pinged: the manager would go on when the connection is gone, and throw from a timer. One
      // that was idle is verified before the next call.
      {
        pingIntervalMs: PING_INTERVAL_MS,
        pingTimeoutMs: PING_TIMEOUT_MS,
        idleConnectionTimeoutMs: LONGEST_IDLE_MS,
      },
      {
        key: identity.key,
        cert: identity.certificate,
        ca: pinned.toString(),
        // The agent's certificate is no authority's; it is trusted as what it is.
        allowPartialTrustChain: true,
        servername: AGENT_NAME,
        minVersion: 'TLSv1.3',
        checkServerIdentity: (_, given) =>
          given.raw.equals(agent.certificate)
            ? undefined
            : new Error('another agent answers at this address'),
      },
    );
  }

  /** Connects ahead of the first call. What stands in the way is said by that. */
  open(): void {
    void this.#sessions.connect();
  }

  /** The agent has proved who it is, and the network lets us through. */
  get isOpen(): boolean {
    return ['idle', 'open'].includes(this.#sessions.state());
  }

  lease(lease: string): LeasedAgent {
    const transport = createConnectTransport({
      baseUrl: this.#sessions.authority,
      ...agentWire,
      sessionManager: this.#sessions,
      interceptors: [leaseInterceptor(lease)],
    });
    return { client: createClient(RunnerService, transport), close: () => this.close() };
  }

  close(): void {
    this.#sessions.abort();
  }
}

/** Names the lease in every call: the agent belongs to the first one it hears of, and refuses others. */
function leaseInterceptor(lease: string): Interceptor {
  return (next) => (request) => {
    request.header.set('lineage-lease', lease);
    return next(request);
  };
}
