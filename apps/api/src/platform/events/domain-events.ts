import { Injectable } from '@nestjs/common';
import type {
  AccountId,
  ClassEvent,
  ClassSessionId,
  CohortId,
  Diagnostic,
  GroupId,
  Run,
  RunEvent,
  RunId,
  WorkspaceId,
} from '@lineage/contracts';
import { log } from '../logging/log.ts';

/** What features tell each other, after it is committed. Names are in the past tense. */
export type DomainEventMap = {
  /** After each durable edit; `workspace.edited` says the same seldom enough to be told to people. */
  'workspace.changed': { workspaceId: WorkspaceId; groupId: GroupId };
  'workspace.edited': { workspaceId: WorkspaceId; groupId: GroupId; at: Date };
  'workspace.opened': { workspaceId: WorkspaceId; groupId: GroupId; cohortId: CohortId };
  /** What the compiler said of the text as it stands, without a run. */
  'workspace.checked': { workspaceId: WorkspaceId; snapshotHash: string; diagnostics: Diagnostic[] };
  'run.changed': { run: Run; cohortId: CohortId };
  'run.happened': { runId: RunId; workspaceId: WorkspaceId; events: RunEvent[] };
  /** The one that is not committed, because it is kept nowhere: what a run prints beyond what is. */
  'run.printing': { runId: RunId; stream: 'stdout' | 'stderr'; text: string };
  'class.happened': { classSessionId: ClassSessionId; cohortId: CohortId; events: ClassEvent[] };
  /** Membership, group or programme role changed: open sockets ask the policy again. */
  'permissions.changed': { accountIds: AccountId[] };
  /** A login session ended: its sockets close. */
  'login.ended': { accountId: AccountId; loginId: string | null };
};

type Listener<K extends keyof DomainEventMap> = (event: DomainEventMap[K]) => void | Promise<void>;
type Listeners = Map<keyof DomainEventMap, Set<Listener<never>>>;

/**
 * Announcements between features. A failing listener is logged and hurts nobody else. What other processes have to know
 * is handed to a forwarder, and what they told is received: listeners hear both alike, forwarders only what happened here.
 */
@Injectable()
export class DomainEvents {
  readonly #listeners: Listeners = new Map();
  readonly #forwarders: Listeners = new Map();

  /** Calls `listener` after each such event; returns the way to stop. */
  on<K extends keyof DomainEventMap>(name: K, listener: Listener<K>): () => void {
    return add(this.#listeners, name, listener);
  }

  /** Calls `forwarder` after each such event that happened in this process; returns the way to stop. */
  forward<K extends keyof DomainEventMap>(name: K, forwarder: Listener<K>): () => void {
    return add(this.#forwarders, name, forwarder);
  }

  publish<K extends keyof DomainEventMap>(name: K, event: DomainEventMap[K]): void {
    this.#tell(this.#listeners, name, event);
    this.#tell(this.#forwarders, name, event);
  }

  /** It happened in another process. */
  receive<K extends keyof DomainEventMap>(name: K, event: DomainEventMap[K]): void {
    this.#tell(this.#listeners, name, event);
  }

  #tell<K extends keyof DomainEventMap>(listeners: Listeners, name: K, event: DomainEventMap[K]): void {
    for (const listener of listeners.get(name) ?? []) {
      void this.#deliver(name, listener as Listener<K>, event);
    }
  }

  async #deliver<K extends keyof DomainEventMap>(
    name: K,
    listener: Listener<K>,
    event: DomainEventMap[K],
  ): Promise<void> {
    try {
      await listener(event);
    } catch (err) {
      log.error({ err, event: name }, 'event listener failed');
    }
  }
}

function add<K extends keyof DomainEventMap>(to: Listeners, name: K, listener: Listener<K>): () => void {
  const listeners = to.get(name) ?? new Set();
  to.set(name, listeners);
  listeners.add(listener as Listener<never>);
  return () => listeners.delete(listener as Listener<never>);
}
