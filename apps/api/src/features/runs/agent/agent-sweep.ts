import { SweepParameter, type SweepPoint } from '@lineage/runner-protocol';
import type { RunEventBody, Sweep } from '@lineage/contracts';
import { storable } from '../output-text.ts';
import { count, known, millis, verdicts } from './agent-events.ts';

const VALUE_CHARS = 100;
const MESSAGE_CHARS = 4096;

const parameters: Record<Sweep['parameter'], SweepParameter> = {
  GOMAXPROCS: SweepParameter.GOMAXPROCS,
  GOGC: SweepParameter.GOGC,
  GOMEMLIMIT: SweepParameter.GOMEMLIMIT,
  argument: SweepParameter.ARGUMENT,
};

export const wireSweep = ({
  parameter,
  values,
  repeat,
}: Sweep): { parameter: SweepParameter; values: string[]; repeat: number } => ({
  parameter: parameters[parameter],
  values: [...values],
  repeat,
});

/** @throws AgentProtocolError for a verdict that nobody knows */
export function sweepPointBody(point: SweepPoint): Extract<RunEventBody, { type: 'sweep_point' }> {
  return {
    type: 'sweep_point',
    value: storable(point.value, VALUE_CHARS),
    attempt: point.attempt,
    verdict: known(verdicts, point.verdict, 'verdict'),
    exitCode: point.exitCode,
    wallMs: millis(point.wallUs),
    cpuMs: millis(point.cpuUs),
    peakMemoryBytes: count(point.peakMemoryBytes),
    gcCycles: count(point.gcCycles),
    reason: storable(point.reason, MESSAGE_CHARS),
  };
}
