import { errorCodeSchema } from '@lineage/contracts';
import { z } from 'zod';
import { DomainError } from '../../platform/errors/index.ts';
import { log } from '../../platform/logging/index.ts';

/** An answer that is no answer: what is asked about is held by another process by now. Ask again where it is. */
export class Moved extends Error {}

const refusalSchema = z.union([
  z.object({ moved: z.literal(true) }),
  z.object({ code: errorCodeSchema, message: z.string() }),
]);

export function encodeRefusal(err: unknown): string {
  if (err instanceof Moved) return JSON.stringify({ moved: true });
  if (err instanceof DomainError) return JSON.stringify({ code: err.code, message: err.message });
  log.error({ err }, 'question of another process failed');
  return JSON.stringify({
    code: 'internal',
    message: 'Something failed on our side. Try again in a moment.',
  });
}

export function decodeRefusal(json: string): Error {
  const said = refusalSchema.parse(JSON.parse(json));
  return 'moved' in said ? new Moved() : new DomainError(said.code, said.message);
}
