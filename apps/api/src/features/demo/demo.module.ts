import { Module } from '@nestjs/common';
import { CatalogModule } from '../catalog/index.ts';
import { DemoAccounts } from './demo-accounts.service.ts';
import { DemoCohort } from './demo-cohort.service.ts';
import { DemoSeed } from './demo-seed.service.ts';
import { DemoController } from './demo.controller.ts';

@Module({
  imports: [CatalogModule],
  controllers: [DemoController],
  providers: [DemoAccounts, DemoCohort, DemoSeed],
})
export class DemoModule {}
