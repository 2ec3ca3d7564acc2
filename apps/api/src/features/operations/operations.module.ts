import { Module, type OnModuleDestroy } from '@nestjs/common';
import { collectDefaultMetrics, register } from 'prom-client';
import { OperationsController } from './operations.controller.ts';

@Module({ controllers: [OperationsController] })
export class OperationsModule implements OnModuleDestroy {
  constructor() {
    register.clear();
    collectDefaultMetrics({ prefix: 'lineage_' });
  }

  onModuleDestroy(): void {
    register.clear();
  }
}
