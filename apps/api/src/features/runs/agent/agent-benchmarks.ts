import type { Benchmark } from '@lineage/runner-protocol';
import type { RunEventBody } from '@lineage/contracts';
import { storable } from '../output-text.ts';
import { AgentProtocolError } from './agent-events.ts';

const NAME_CHARS = 512;
/** As often as one benchmark may be measured. */
const MOST_VALUES = 100;
const MOST_WARNINGS = 8;
const WARNING_CHARS = 512;

/** What one benchmark measured in one unit. @throws AgentProtocolError for more values than the agent may tell */
export function benchmarkBody(told: Benchmark): Extract<RunEventBody, { type: 'benchmark' }> {
  if (told.values.length > MOST_VALUES) throw new AgentProtocolError('too many values of a benchmark');
  const { comparison: compared } = told;
  return {
    type: 'benchmark',
    name: storable(told.name, NAME_CHARS),
    unit: storable(told.unit, NAME_CHARS),
    values: told.values.map(figure),
    center: figure(told.center),
    low: figure(told.low),
    high: figure(told.high),
    confidence: figure(told.confidence),
    warnings: told.warnings.slice(0, MOST_WARNINGS).map((warning) => storable(warning, WARNING_CHARS)),
    comparison:
      compared === undefined
        ? null
        : {
            previous: {
              center: figure(compared.previousCenter),
              low: figure(compared.previousLow),
              high: figure(compared.previousHigh),
            },
            p: figure(compared.p),
            differs: compared.differs,
            alpha: figure(compared.alpha),
            change: figure(compared.change),
          },
  };
}

/** JSON has no NaN and no infinity. */
function figure(value: number): number {
  return Number.isFinite(value) ? value : 0;
}
