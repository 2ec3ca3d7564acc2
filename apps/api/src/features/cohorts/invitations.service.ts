import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type {
  CohortId,
  CohortRole,
  createInvitationSchema,
  Invitation,
  invitationPreviewSchema,
} from '@lineage/contracts';
import type { Caller } from '@lineage/domain';
import type { DataSource, EntityManager } from 'typeorm';
import type { z } from 'zod';
import { OriginPolicy } from '../../platform/auth/index.ts';
import { DomainError, notFound } from '../../platform/errors/index.ts';
import { DomainEvents } from '../../platform/events/index.ts';
import { CohortAccess } from './cohort-access.service.ts';
import { CohortMembershipEntity } from './cohort-membership.entity.ts';
import { CohortEntity } from './cohort.entity.ts';
import { GroupMemberEntity } from './group-member.entity.ts';
import { GroupEntity } from './group.entity.ts';
import { InvitationEntity } from './invitation.entity.ts';

const HOUR_MS = 60 * 60 * 1000;
const TOKEN_BYTES = 32;
/** As many as the contract lets an instructor put in one group. */
const MAX_GROUP_MEMBERS = 12;

/** Links into a cohort. The token is in the link's fragment, which no server log and no Referer ever sees. */
@Injectable()
export class Invitations {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly access: CohortAccess,
    private readonly origins: OriginPolicy,
    private readonly events: DomainEvents,
  ) {}

  /** @throws DomainError not_found, forbidden, bad_request */
  async create(
    caller: Caller,
    cohortId: CohortId,
    wanted: z.output<typeof createInvitationSchema>,
  ): Promise<Invitation> {
    await this.access.requireInvite(caller, cohortId);
    const { role, groupId, maxUses } = wanted;
    if (groupId !== null) await this.#requireGroupFor(cohortId, { role, groupId });
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    const expiresAt = new Date(Date.now() + wanted.expiresInHours * HOUR_MS);
    const createdBy = caller.accountId;
    await this.db.manager.insert(InvitationEntity, {
      tokenHash: hashOf(token),
      cohortId,
      groupId,
      role,
      expiresAt,
      maxUses,
      uses: 0,
      createdBy,
    });
    return { url: `${this.origins.publicOrigin}/join#${token}`, role, expiresAt: expiresAt.toISOString() };
  }

  /** For whoever holds the link, signed in or not. @throws DomainError not_found, invitation_expired */
  async preview(token: string): Promise<z.output<typeof invitationPreviewSchema>> {
    const invitation = await this.db.manager.findOneBy(InvitationEntity, { tokenHash: hashOf(token) });
    if (invitation === null) throw notFound('invitation');
    refuseIfOver(invitation);
    const cohort = await this.db.manager.findOneByOrFail(CohortEntity, { id: invitation.cohortId });
    const group =
      invitation.groupId === null
        ? null
        : await this.db.manager.findOneBy(GroupEntity, { id: invitation.groupId });
    return { cohortTitle: cohort.title, role: invitation.role, groupName: group?.name ?? null };
  }

  /**
   * Joins the caller. Who is in the cohort already keeps their role and uses nothing up.
   * @throws DomainError not_found, invitation_expired, conflict: the group is full
   */
  async accept(caller: Caller, token: string): Promise<{ cohortId: CohortId }> {
    const { accountId } = caller;
    const { cohortId, joined } = await this.db.transaction(async (tx) => {
      const tokenHash = hashOf(token);
      const invitation = await tx.findOne(InvitationEntity, {
        where: { tokenHash },
        lock: { mode: 'pessimistic_write' },
      });
      if (invitation === null) throw notFound('invitation');
      const member = await tx.findOneBy(CohortMembershipEntity, { cohortId: invitation.cohortId, accountId });
      if (member !== null) return { cohortId: member.cohortId, joined: false };
      refuseIfOver(invitation);
      const { role } = invitation;
      await tx.insert(CohortMembershipEntity, {
        cohortId: invitation.cohortId,
        accountId,
        role,
        joinedAt: new Date(),
      });
      if (invitation.groupId !== null) await enterGroup(tx, { groupId: invitation.groupId, accountId });
      await tx.update(InvitationEntity, { tokenHash }, { uses: invitation.uses + 1 });
      return { cohortId: invitation.cohortId, joined: true };
    });
    if (joined) this.events.publish('permissions.changed', { accountIds: [accountId] });
    return { cohortId };
  }

  async #requireGroupFor(
    cohortId: CohortId,
    { role, groupId }: { role: CohortRole; groupId: GroupEntity['id'] },
  ): Promise<void> {
    const group = await this.db.manager.findOneBy(GroupEntity, { id: groupId, cohortId });
    if (group === null) throw notFound('group');
    if (role !== 'learner')
      throw new DomainError(
        'bad_request',
        'Only learners are in groups. Leave the group out, or invite a learner.',
      );
  }
}

async function enterGroup(
  tx: EntityManager,
  member: Pick<GroupMemberEntity, 'groupId' | 'accountId'>,
): Promise<void> {
  await tx.findOne(GroupEntity, { where: { id: member.groupId }, lock: { mode: 'pessimistic_write' } });
  if ((await tx.countBy(GroupMemberEntity, { groupId: member.groupId })) >= MAX_GROUP_MEMBERS) {
    throw new DomainError('conflict', 'This group is full. Ask your instructor for another invitation.');
  }
  await tx.insert(GroupMemberEntity, member);
}

function refuseIfOver({ expiresAt, uses, maxUses }: InvitationEntity): void {
  if (expiresAt.getTime() <= Date.now() || uses >= maxUses) {
    throw new DomainError(
      'invitation_expired',
      'This invitation is over or has been used up. Ask whoever sent it for a new one.',
    );
  }
}

const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();
