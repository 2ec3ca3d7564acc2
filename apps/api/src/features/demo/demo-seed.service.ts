import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { DemoAccounts } from './demo-accounts.service.ts';
import { DemoCohort } from './demo-cohort.service.ts';

/** Arbitrary, fixed for ever: of two starts at once one seeds and the other waits. */
const SEED_LOCK = 4_600_190_002;

/** Makes what a first visitor finds: people, a cohort, two groups, a class for today. What is there already stays. */
@Injectable()
export class DemoSeed implements OnApplicationBootstrap {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly accounts: DemoAccounts,
    private readonly cohort: DemoCohort,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const lock = this.db.createQueryRunner();
    await lock.connect();
    try {
      await lock.query('SELECT pg_advisory_lock($1)', [SEED_LOCK]);
      await this.cohort.seed(await this.accounts.seed());
    } finally {
      await lock.query('SELECT pg_advisory_unlock($1)', [SEED_LOCK]);
      await lock.release();
    }
  }
}
