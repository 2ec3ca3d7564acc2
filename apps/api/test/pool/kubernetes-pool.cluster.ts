import { openPool } from './pool-on-cluster.ts';
import { poolContract } from './pool-contract.ts';

poolContract('KubernetesPool', () => openPool());
