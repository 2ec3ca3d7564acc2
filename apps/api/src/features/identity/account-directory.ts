import { Inject, Injectable } from '@nestjs/common';
import type { AccountId } from '@lineage/contracts';
import { LOGIN_LIBRARY, type LoginLibrary } from './login-library.ts';

export type AccountRow = { readonly id: AccountId; readonly name: string; readonly email: string };

/** Reads accounts from the login library's table. */
@Injectable()
export class AccountDirectory {
  constructor(@Inject(LOGIN_LIBRARY) private readonly library: LoginLibrary) {}

  async find(id: AccountId): Promise<AccountRow | null> {
    return (await this.findMany([id])).get(id) ?? null;
  }

  async findMany(ids: readonly AccountId[]): Promise<Map<AccountId, AccountRow>> {
    if (ids.length === 0) return new Map();
    const found = await this.library.pool.query<AccountRow>(
      'SELECT id, name, email FROM "user" WHERE id = ANY($1)',
      [[...ids]],
    );
    return new Map(found.rows.map((row) => [row.id, row]));
  }

  async findByEmail(email: string): Promise<AccountRow | null> {
    const found = await this.library.pool.query<AccountRow>(
      'SELECT id, name, email FROM "user" WHERE email = $1',
      [email.toLowerCase()],
    );
    return found.rows[0] ?? null;
  }
}
