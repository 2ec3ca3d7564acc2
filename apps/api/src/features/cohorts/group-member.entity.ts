import type { AccountId, GroupId } from '@lineage/contracts';
import { Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { GroupEntity } from './group.entity.ts';

@Entity('cohort_group_member')
@Index('cohort_group_member_of_account', ['accountId'])
export class GroupMemberEntity {
  @PrimaryColumn('uuid')
  groupId: GroupId;

  @PrimaryColumn('text')
  accountId: AccountId;

  @ManyToOne(() => GroupEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'group_id', foreignKeyConstraintName: 'cohort_group_member_group' })
  group: GroupEntity;
}
