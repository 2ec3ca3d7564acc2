import { Injectable } from '@nestjs/common';
import type { ClassSessionId, GroupCard, LessonId, WorkspaceId } from '@lineage/contracts';
import type { GroupRow } from '../cohorts/index.ts';
import { Rooms } from '../rooms/index.ts';
import { RunStore } from '../runs/index.ts';
import { WorkspaceDirectory } from '../workspaces/index.ts';
import { ClassPresence } from './class-presence.ts';

/** What a card is about: a class session, and the lesson that it is at. */
export type CardView = { readonly id: ClassSessionId; readonly lessonId: LessonId | null };

/** Summaries of groups, made from what the server knows. A card never has a group's text. */
@Injectable()
export class GroupCards {
  constructor(
    private readonly workspaces: WorkspaceDirectory,
    private readonly runs: RunStore,
    private readonly rooms: Rooms,
    private readonly presence: ClassPresence,
  ) {}

  async build(view: CardView, group: GroupRow): Promise<GroupCard> {
    const workspaceId = await this.#workspaceFor(view, group);
    const [lastEditAt, lastRun] =
      workspaceId === null
        ? [null, null]
        : await Promise.all([this.rooms.lastEditAt(workspaceId), this.#lastRun(workspaceId)]);
    return {
      groupId: group.id,
      name: group.name,
      members: group.members.map((person) => ({
        ...person,
        present: this.presence.isIn(view.id, person.id),
      })),
      workspaceId,
      lastEditAt: lastEditAt?.toISOString() ?? null,
      lastRun,
    };
  }

  /** That of the lesson the class is at; before the first step, or when it is not opened yet, the group's newest. */
  async #workspaceFor({ lessonId }: CardView, group: GroupRow): Promise<WorkspaceId | null> {
    const own = (await this.workspaces.listForCohort(group.cohortId)).filter(
      (row) => row.groupId === group.id,
    );
    const current =
      own.find((row) => row.lessonId === lessonId) ?? (await this.workspaces.findForGroup(group.id));
    return current?.id ?? null;
  }

  async #lastRun(id: WorkspaceId): Promise<GroupCard['lastRun']> {
    const [newest] = await this.runs.newest(id);
    const [run] = newest === undefined ? [] : await this.runs.view([newest]);
    if (run === undefined) return null;
    return {
      id: run.id,
      kind: run.kind,
      state: run.state,
      at: run.finishedAt ?? run.createdAt,
      tests: run.tests,
      hot: run.hot,
      profileArtifactId: run.artifacts.find((artifact) => artifact.kind === 'profile')?.id ?? null,
    };
  }
}
