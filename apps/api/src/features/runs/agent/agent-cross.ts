import type { CrossBuilt } from '@lineage/runner-protocol';
import { type CrossBody, crossBodySchema, type CrossTarget, limitSchema } from '@lineage/contracts';
import { storable } from '../output-text.ts';
import { AgentProtocolError, count, diagnosticBody, millis } from './agent-events.ts';

const NAME_CHARS = 200;
const MOST_LIBRARIES = 50;
/** As many as the agent tells of one build. */
const MOST_DIAGNOSTICS = 50;

export const wireTarget = (target: CrossTarget): { goos: string; goarch: string } => {
  const [goos = '', goarch = ''] = target.split('/');
  return { goos, goarch };
};

/** @throws AgentProtocolError for a system, a format or a limit that nobody knows */
export function crossBody(told: CrossBuilt): CrossBody {
  const body = crossBodySchema.safeParse({
    type: 'cross_built',
    target: `${told.target?.goos}/${told.target?.goarch}`,
    built: told.built,
    sizeBytes: count(told.sizeBytes),
    format: told.format === '' ? null : told.format,
    static: told.static,
    libraries: told.libraries.slice(0, MOST_LIBRARIES).map((name) => storable(name, NAME_CHARS)),
    buildMs: millis(told.buildUs),
    limit: told.limit === '' ? null : limitSchema.safeParse(told.limit).data,
    diagnostics: told.diagnostics.slice(0, MOST_DIAGNOSTICS).map((found) => {
      const { type: _type, ...diagnostic } = diagnosticBody(found);
      return diagnostic;
    }),
  });
  if (!body.success) throw new AgentProtocolError('an unknown system or format', { cause: body.error });
  return body.data;
}
