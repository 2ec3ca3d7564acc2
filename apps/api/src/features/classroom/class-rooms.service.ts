import { Injectable } from '@nestjs/common';
import type { ClassSessionId, CommandedGroups, RoomCommand } from '@lineage/contracts';
import type { Caller } from '@lineage/domain';
import { DomainError } from '../../platform/errors/index.ts';
import { RoomControls } from '../rooms/index.ts';
import { ClassAccess } from './class-access.service.ts';
import { ClassGroups, skipped } from './class-groups.service.ts';

/** Says who writes in the rooms of all groups, for whoever leads the class. */
@Injectable()
export class ClassRooms {
  constructor(
    private readonly access: ClassAccess,
    private readonly groups: ClassGroups,
    private readonly controls: RoomControls,
  ) {}

  /** One of each group at a time (nobody yet: who asks first), or everybody. @throws DomainError not_found, forbidden */
  async command(
    caller: Caller,
    id: ClassSessionId,
    type: 'drive' | 'free',
    key: string,
  ): Promise<CommandedGroups> {
    const { cohortId } = await this.access.requireLead(caller, id);
    const command: RoomCommand = type === 'drive' ? { type, driver: null } : { type };
    const answer: CommandedGroups = { reached: 0, skipped: [] };
    for (const { group, workspace } of await this.groups.now(id, cohortId)) {
      if (workspace === null) {
        answer.skipped.push(skipped(group));
        continue;
      }
      try {
        await this.controls.command(caller, workspace.id, command, `class.${id}.${key}.${group.id}`);
        answer.reached += 1;
      } catch (err) {
        if (!(err instanceof DomainError)) throw err;
        answer.skipped.push(skipped(group, err.message));
      }
    }
    return answer;
  }
}
