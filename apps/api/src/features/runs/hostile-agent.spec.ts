import { create, type DescField, type DescMessage, ScalarType } from '@bufbuild/protobuf';
import { runEventBodySchema, runIdSchema } from '@lineage/contracts';
import { EndSchema, type ExecuteResponse, ExecuteResponseSchema, Verdict } from '@lineage/runner-protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AgentProtocolError } from './agent/agent-events.ts';
import { type RunLog, RunRecorder } from './run-recorder.ts';
import type { NewEvent } from './run-store.ts';

const id = runIdSchema.parse('01890000-0000-7000-8000-000000000001');
/** `npm run fuzz` asks for more. */
const seconds = Number(process.env['LINEAGE_FUZZ_SECONDS'] ?? 0);
const length = {
  numRuns: seconds === 0 ? 2_000 : Number.MAX_SAFE_INTEGER,
  interruptAfterTimeLimit: seconds === 0 ? 60_000 : seconds * 1000,
};
/** Messages of lists in messages: nothing nests deeper than this. */
const DEPTH = 4;
const LONG = 5_000;

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    '',
    '\0',
    '\u0000a',
    'main.go',
    '../../etc/passwd',
    '__proto__',
    '\u202e',
    'x'.repeat(LONG),
  ),
);
const whole = (most: bigint): fc.Arbitrary<bigint> =>
  fc.oneof(
    fc.constantFrom(0n, 1n, most, 2n ** 53n < most ? 2n ** 53n : most),
    fc.bigInt({ min: 0n, max: most }),
  );
const small = fc.oneof(
  fc.constantFrom(0, 1, 2 ** 31 - 1, 2 ** 32 - 1),
  fc.integer({ min: 0, max: 2 ** 32 - 1 }),
);
const signed = fc.oneof(fc.constantFrom(0, -1, 2 ** 31 - 1, -(2 ** 31)), fc.integer());

/** Any value of a scalar that its wire type can carry. */
function scalar(type: ScalarType): fc.Arbitrary<unknown> {
  switch (type) {
    case ScalarType.STRING:
      return text;
    case ScalarType.BYTES:
      return fc.uint8Array({ maxLength: 200 });
    case ScalarType.BOOL:
      return fc.boolean();
    case ScalarType.DOUBLE:
    case ScalarType.FLOAT:
      return fc.double();
    case ScalarType.INT64:
    case ScalarType.SINT64:
    case ScalarType.SFIXED64:
      return fc.oneof(
        whole(2n ** 63n - 1n),
        whole(2n ** 63n).map((value) => -value),
      );
    case ScalarType.UINT64:
    case ScalarType.FIXED64:
      return whole(2n ** 64n - 1n);
    case ScalarType.INT32:
    case ScalarType.SINT32:
    case ScalarType.SFIXED32:
      return signed;
    default:
      return small;
  }
}

function single(field: DescField, depth: number): fc.Arbitrary<unknown> {
  if (field.message !== undefined)
    return depth === 0 ? fc.constant(undefined) : messageOf(field.message, depth - 1);
  if (field.enum !== undefined) {
    const known = fc.constantFrom(...field.enum.values.map(({ number }) => number));
    // Seldom: one that is refused hides what else there is.
    return fc.oneof({ weight: 20, arbitrary: known }, { weight: 1, arbitrary: fc.constantFrom(-1, 99) });
  }
  return scalar(field.scalar ?? ScalarType.STRING);
}

function valueOf(field: DescField, depth: number): fc.Arbitrary<unknown> {
  if (field.fieldKind === 'list') {
    if (field.message !== undefined && depth === 0) return fc.constant([]);
    return fc.array(single(field, depth), { maxLength: 4 });
  }
  return single(field, depth);
}

/** Any message that the schema allows: what a program that took over an agent could send. */
function messageOf(schema: DescMessage, depth = DEPTH): fc.Arbitrary<object> {
  const plain = schema.fields.filter(({ oneof }) => oneof === undefined);
  const record = fc.record(
    Object.fromEntries(plain.map((field) => [field.localName, valueOf(field, depth)])),
    { requiredKeys: [] },
  );
  return record.map((init) => create(schema, definite(init)));
}

const definite = (init: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(init).filter(([, value]) => value !== undefined));

const cases = ExecuteResponseSchema.fields.filter(({ oneof }) => oneof?.localName === 'event');
const event = fc.oneof(
  ...cases.map((field) => valueOf(field, DEPTH).map((value) => ({ case: field.localName, value }))),
);
/** What comes before an end is stored with it. */
const end = { case: 'end', value: create(EndSchema, { verdict: Verdict.PASSED }) } as const;
const streams = fc
  .array(event, { minLength: 1, maxLength: 3 })
  .map((events) =>
    [...events, end].map((one, at) =>
      create(ExecuteResponseSchema, { seq: BigInt(at + 1), event: one as ExecuteResponse['event'] }),
    ),
  );

async function* told(messages: readonly ExecuteResponse[]): AsyncGenerator<ExecuteResponse> {
  for (const message of messages) yield await Promise.resolve(message);
}

describe('what an agent says that a program took over', () => {
  it(
    'is refused, or stored as the contract has it',
    { timeout: 120_000 + length.interruptAfterTimeLimit },
    async () => {
      const types = new Set<string>();
      const check = fc.asyncProperty(streams, async (messages) => {
        const stored: NewEvent[] = [];
        const log: RunLog = {
          append: async (_, happened) => void stored.push(...happened),
          glimpse: () => undefined,
        };
        const artifacts = { begin: () => undefined, chunk: () => undefined, end: async () => null };
        await new RunRecorder(id, log, Date.now(), artifacts)
          .record(told(messages))
          .catch((error: unknown) => {
            if (!(error instanceof AgentProtocolError)) throw error;
          });
        for (const { body } of stored) {
          types.add(body.type);
          // As it is read back from the database, which takes no NUL in a text.
          const json = JSON.stringify(body);
          expect(json).not.toContain('\\u0000');
          expect(runEventBodySchema.parse(JSON.parse(json))).toEqual(JSON.parse(json));
        }
      });
      await fc.assert(check, length);
      // A check that stores nothing checks nothing; four kinds have to be of one piece to be taken at all.
      expect(types.size).toBeGreaterThan(17);
    },
  );
});
