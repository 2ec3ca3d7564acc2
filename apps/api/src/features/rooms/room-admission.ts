import type { IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import { type CloseReason, LINEAGE_SUBPROTOCOL, TICKET_SUBPROTOCOL_PREFIX } from '@lineage/collab';
import { type WorkspaceId, workspaceIdSchema } from '@lineage/contracts';
import { type BaseRoomRole, type Caller, roomRoleFor } from '@lineage/domain';
import { CallerResolver } from '../../platform/auth/index.ts';
import { WorkspaceAccess, type WorkspaceRow, WorkspaceTickets } from '../workspaces/index.ts';
import type { Proof } from './room-member.ts';

export type Admitted = {
  readonly ok: true;
  readonly workspace: WorkspaceRow;
  readonly caller: Caller;
  readonly proof: Proof;
  readonly base: BaseRoomRole;
};
export type Admission =
  Admitted | { readonly ok: false; readonly reason: Extract<CloseReason, 'unauthenticated' | 'notFound'> };

/** Who comes in: the login cookie, or a ticket for this workspace; then the policy. */
@Injectable()
export class RoomAdmission {
  constructor(
    private readonly callers: CallerResolver,
    private readonly tickets: WorkspaceTickets,
    private readonly access: WorkspaceAccess,
  ) {}

  async admit(request: IncomingMessage, prefix: string): Promise<Admission> {
    const workspaceId = workspaceIdOf(request, prefix);
    const who = await this.#prove(request, workspaceId);
    return who === null ? { ok: false, reason: 'unauthenticated' } : this.#judge(who, workspaceId);
  }

  /** Another process says who came; whether the login lives and what it may do is asked here again. */
  async admitRelayed(proof: Proof, workspaceId: WorkspaceId): Promise<Admission> {
    const [caller, logins] = await Promise.all([
      this.callers.callerOf(proof.accountId),
      this.callers.liveLogins([proof.accountId]),
    ]);
    const isLive = logins.some(({ loginId }) => proof.loginId === null || proof.loginId === loginId);
    if (caller === null || !isLive) return { ok: false, reason: 'unauthenticated' };
    return this.#judge({ caller, proof }, workspaceId);
  }

  async #judge(who: { caller: Caller; proof: Proof }, workspaceId: WorkspaceId | null): Promise<Admission> {
    const workspace = workspaceId === null ? null : await this.access.find(workspaceId);
    const base = workspace === null ? null : roomRoleFor(who.caller, workspace);
    if (workspace === null || base === null) return { ok: false, reason: 'notFound' };
    return { ok: true, workspace, base, ...who };
  }

  /** The role that the policy gives the account now, or null when the room does not exist for it any more. */
  async baseNow({ accountId }: Proof, workspace: WorkspaceRow): Promise<BaseRoomRole | null> {
    const caller = await this.callers.callerOf(accountId);
    return caller === null ? null : roomRoleFor(caller, workspace);
  }

  async #prove(
    request: IncomingMessage,
    workspaceId: WorkspaceId | null,
  ): Promise<{ caller: Caller; proof: Proof } | null> {
    const ticket = ticketOf(request);
    if (ticket === null) {
      const login = await this.callers.resolve(request.headers);
      return login === null
        ? null
        : { caller: login.caller, proof: { accountId: login.caller.accountId, loginId: login.loginId } };
    }
    const accountId = workspaceId === null ? null : await this.tickets.accountOf(ticket, workspaceId);
    const caller = accountId === null ? null : await this.callers.callerOf(accountId);
    return caller === null ? null : { caller, proof: { accountId: caller.accountId, loginId: null } };
  }
}

/** What we answer to a list of subprotocols. A browser insists on one of those it offered. */
export function chooseSubprotocol(offered: ReadonlySet<string>): string | false {
  if (offered.has(LINEAGE_SUBPROTOCOL)) return LINEAGE_SUBPROTOCOL;
  return [...offered].find((protocol) => protocol.startsWith(TICKET_SUBPROTOCOL_PREFIX)) ?? false;
}

function ticketOf(request: IncomingMessage): string | null {
  const offered = (request.headers['sec-websocket-protocol'] ?? '')
    .split(',')
    .map((protocol) => protocol.trim());
  const found = offered.find((protocol) => protocol.startsWith(TICKET_SUBPROTOCOL_PREFIX));
  return found === undefined ? null : found.slice(TICKET_SUBPROTOCOL_PREFIX.length);
}

function workspaceIdOf(request: IncomingMessage, prefix: string): WorkspaceId | null {
  const [path = ''] = (request.url ?? '').split('?');
  const parsed = workspaceIdSchema.safeParse(path.slice(prefix.length));
  return parsed.success ? parsed.data : null;
}
