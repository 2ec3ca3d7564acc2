import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { TICKET_SUBPROTOCOL_PREFIX } from '@lineage/collab';
import { type AccountId, type WorkspaceId, type ticketSchema } from '@lineage/contracts';
import type { Caller } from '@lineage/domain';
import { In, LessThan, MoreThan, type Repository } from 'typeorm';
import type { z } from 'zod';
import { Gathering } from '../../platform/gathering/index.ts';
import { WorkspaceAccess } from './workspace-access.service.ts';
import { WorkspaceTicketEntity } from './workspace-ticket.entity.ts';

/** Long enough to start a script, short enough to be worthless in a file. */
const TICKET_LIFE_MS = 60_000;

/** Tickets of one statement: scripts of a class that come in at once. */
const MAX_GATHERED = 200;

type Ticket = z.output<typeof ticketSchema>;

/** Tickets let a script into one room as one account. The token is answered once and never logged. */
@Injectable()
export class WorkspaceTickets {
  readonly #live = new Gathering<string, WorkspaceTicketEntity>((hashes) => this.#find(hashes), MAX_GATHERED);

  constructor(
    @InjectRepository(WorkspaceTicketEntity) private readonly tickets: Repository<WorkspaceTicketEntity>,
    private readonly access: WorkspaceAccess,
  ) {}

  async issue(caller: Caller, workspaceId: WorkspaceId): Promise<Ticket> {
    await this.access.get(caller, workspaceId);
    const ticket = randomBytes(32).toString('base64url');
    const expiresAt = new Date(Date.now() + TICKET_LIFE_MS);
    await this.tickets.delete({ expiresAt: LessThan(new Date()) });
    await this.tickets.insert({
      tokenHash: hashOf(ticket),
      workspaceId,
      accountId: caller.accountId,
      expiresAt,
    });
    return { ticket, subprotocol: TICKET_SUBPROTOCOL_PREFIX + ticket, expiresAt: expiresAt.toISOString() };
  }

  /** Whose ticket for this very workspace it is, or null. */
  async accountOf(ticket: string, workspaceId: WorkspaceId): Promise<AccountId | null> {
    const row = await this.#live.get(hashOf(ticket).toString('hex'));
    return row?.workspaceId === workspaceId ? row.accountId : null;
  }

  async #find(hashes: readonly string[]): Promise<ReadonlyMap<string, WorkspaceTicketEntity>> {
    const rows = await this.tickets.findBy({
      tokenHash: In(hashes.map((hash) => Buffer.from(hash, 'hex'))),
      expiresAt: MoreThan(new Date()),
    });
    return new Map(rows.map((row) => [row.tokenHash.toString('hex'), row]));
  }
}

const hashOf = (ticket: string): Buffer => createHash('sha256').update(ticket).digest();
