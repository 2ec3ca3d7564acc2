import type {
  ClientToServerEvents,
  ErrorCode,
  ClassSessionId,
  CohortId,
  GroupId,
  RunId,
  ServerToClientEvents,
  WorkspaceId,
} from '@lineage/contracts';
import type { Caller } from '@lineage/domain';
import type { Server, Socket } from 'socket.io';

export type LiveServer = Server<
  ClientToServerEvents,
  ServerToClientEvents,
  Record<never, never>,
  { live?: LiveSocket }
>;
export type ServerSocket = Socket<
  ClientToServerEvents,
  ServerToClientEvents,
  Record<never, never>,
  { live?: LiveSocket }
>;

/** What is watched, with the facts that the policy asks about. */
export type Target =
  | { readonly stream: 'run'; readonly id: RunId; readonly cohortId: CohortId; readonly groupId: GroupId }
  | {
      readonly stream: 'workspace';
      readonly id: WorkspaceId;
      readonly cohortId: CohortId;
      readonly groupId: GroupId;
    }
  | { readonly stream: 'class'; readonly id: ClassSessionId; readonly cohortId: CohortId };

export const keyOf = ({ stream, id }: { readonly stream: string; readonly id: string }): string =>
  `${stream}:${id}`;

/** A subscription that stands. `follows` and `rewind` are for streams with a log. */
export type OpenWatch = {
  readonly target: Target;
  readonly feed: {
    follows(events: readonly { seq: number }[]): boolean;
    rewind(seq: number): void;
    look(): void;
    stop(): void;
  } | null;
  /** Of a workspace: the runs that begin there are watched too. */
  runs: boolean;
  /** Of a run: it began in a workspace that is watched, and nobody has asked for the run itself. */
  begun: boolean;
};

/** One connection of one proved login, and what it watches. */
export class LiveSocket {
  readonly watches = new Map<string, OpenWatch>();
  /** Watches that are being asked about; they count against the limit too. */
  pending = 0;
  closed = false;
  /** Refusals told to the log, once each: a client that goes on must not fill it. */
  readonly loggedRefusals = new Set<ErrorCode>();
  /** Rises when what the account may do has changed: what was asked before then has to be asked again. */
  permissionsVersion = 0;

  constructor(
    readonly io: ServerSocket,
    readonly loginId: string,
    public caller: Caller,
  ) {}

  get id(): string {
    return this.io.id;
  }

  /** The client comes back by itself and is answered anew. */
  disconnect(): void {
    this.io.disconnect(true);
  }
}
