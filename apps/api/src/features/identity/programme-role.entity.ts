import type { AccountId, ProgrammeRole } from '@lineage/contracts';
import { Entity, PrimaryColumn } from 'typeorm';

/** Owner or operator of the whole programme. Accounts themselves belong to the login library's schema, `auth`. */
@Entity('programme_role')
export class ProgrammeRoleEntity {
  @PrimaryColumn('text')
  accountId: AccountId;

  @PrimaryColumn('text')
  role: ProgrammeRole;
}
