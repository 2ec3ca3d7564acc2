import type { IncomingHttpHeaders } from 'node:http';
import type { AccountId } from '@lineage/contracts';
import type { Caller } from '@lineage/domain';

/** A login that was proved, and the row that proves it (so that open sockets can be closed when it is revoked). */
export type Login = { readonly caller: Caller; readonly loginId: string };

/** The row of a login that has neither ended nor run out. */
export type LiveLogin = { readonly accountId: AccountId; readonly loginId: string };

/** Port that the identity feature fills: who sent these headers? HTTP, socket.io and rooms all ask here. */
export abstract class CallerResolver {
  /** Null when there is no valid login session. */
  abstract resolve(headers: IncomingHttpHeaders): Promise<Login | null>;

  /** The caller as of now for an account that was proved in another way (a ticket), or null when it is gone. */
  abstract callerOf(accountId: AccountId): Promise<Caller | null>;

  /** Every live login of these accounts, so that open sockets can be asked whether theirs still is. */
  abstract liveLogins(accountIds: readonly AccountId[]): Promise<LiveLogin[]>;
}
