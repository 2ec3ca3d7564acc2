import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { AccountId, HistoryMark, WorkspaceId } from '@lineage/contracts';
import type { Caller } from '@lineage/domain';
import { AccountDirectory } from '../identity/index.ts';
import { DocumentLog, MAX_EXPORTED_VERSIONS } from '../rooms/index.ts';
import { WorkspaceAccess } from '../workspaces/index.ts';
import { VERSION_PAUSE_MS } from './history-limits.ts';
import { Timeline } from './timeline.service.ts';

/** Reserved so that nobody can own it (RFC 2606): mail to these addresses goes nowhere. */
const MAIL_HOST = 'users.noreply.lineage.invalid';
const SERVICE = { name: 'Lineage', email: `lineage@${MAIL_HOST}` };

/** A workspace as a git bundle: what stood at each run, each step of the class and before each pause. */
@Injectable()
export class GitExport {
  constructor(
    private readonly access: WorkspaceAccess,
    private readonly log: DocumentLog,
    private readonly timeline: Timeline,
    private readonly accounts: AccountDirectory,
  ) {}

  /** @throws DomainError not_found, too_large */
  async bundle(caller: Caller, id: WorkspaceId): Promise<{ name: string; content: Uint8Array }> {
    const workspace = await this.access.get(caller, id);
    const [epochs, marks, authors] = await Promise.all([
      this.timeline.epochs(workspace),
      this.timeline.marks(workspace),
      this.log.authors(id),
    ]);
    const shown = marks.slice(-MAX_EXPORTED_VERSIONS / 2);
    const ids = new Set<AccountId>([...authors, ...epochs.flatMap(({ by }) => by ?? [])]);
    const rows = await this.accounts.findMany([...ids]);
    const content = await this.log.ask('export', {
      workspaceId: id,
      epochs: epochs.map(({ epoch, at, by }) => ({ epoch, at: Date.parse(at), accountId: by ?? '' })),
      marks: shown.map((mark) => ({ at: Date.parse(mark.at), message: messageOf(mark) })),
      people: [...rows.values()].map((row) => [row.id, { name: row.name, email: addressOf(row.id) }]),
      service: SERVICE,
      pauseMs: await this.#pause(id),
    });
    return { name: `${workspace.exerciseId}.bundle`, content };
  }

  async #pause(id: WorkspaceId): Promise<number> {
    let pauseMs = VERSION_PAUSE_MS;
    while ((await this.log.countPauses(id, pauseMs)) > MAX_EXPORTED_VERSIONS / 2) pauseMs *= 2;
    return pauseMs;
  }
}

/** The same for an account in every export, and nothing by which a person could be reached. */
export const addressOf = (id: AccountId): string =>
  `${createHash('sha256').update(`lineage:${id}`).digest('hex').slice(0, 16)}@${MAIL_HOST}`;

const messageOf = (mark: HistoryMark): string =>
  mark.type === 'run' ? `Run: ${mark.kind}, ${mark.state}` : `Step: ${mark.title.en}`;
