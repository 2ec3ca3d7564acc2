import type { FactoryProvider } from '@nestjs/common';
import { CONFIG, type Config } from '../../config/index.ts';
import { ClassSchedule } from '../cohorts/index.ts';
import { LocalPool } from './agent/local-pool.ts';
import { RunnerPool } from './runner-pool.ts';
import { Expectation } from './pool/expectation.ts';
import { KubernetesPool } from './pool/kubernetes-pool.ts';

/** Where learner code runs, by the settings. */
export const runnerPoolProvider: FactoryProvider<RunnerPool> = {
  provide: RunnerPool,
  inject: [CONFIG, ClassSchedule],
  useFactory(config: Config, schedule: ClassSchedule) {
    const { kubernetes } = config.runner;
    if (kubernetes === null) return new LocalPool(config);
    const expectation = new Expectation(() => schedule.countGroupsMeeting(kubernetes.leadMs));
    return new KubernetesPool(config, () => expectation.groups());
  },
};
