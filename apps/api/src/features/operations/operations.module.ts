import { Module } from '@nestjs/common';
import { collectDefaultMetrics, register } from 'prom-client';
import { OperationsController } from './operations.controller.ts';

const PREFIX = 'lineage_';

@Module({ controllers: [OperationsController] })
export class OperationsModule {
  /** The registry is the process's and has every feature's metrics already; those of the process are added once. */
  constructor() {
    if (register.getSingleMetric(`${PREFIX}process_cpu_user_seconds_total`) === undefined)
      collectDefaultMetrics({ prefix: PREFIX });
  }
}
