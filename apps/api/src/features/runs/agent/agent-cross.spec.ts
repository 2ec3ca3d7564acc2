import { create } from '@bufbuild/protobuf';
import {
  crossTargetSchema,
  goExperimentSchema,
  runEventBodySchema,
  startRunSchema,
} from '@lineage/contracts';
import { CrossBuiltSchema } from '@lineage/runner-protocol';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { crossBody, wireTarget } from './agent-cross.ts';
import { AgentProtocolError } from './agent-events.ts';

type Told = {
  target?: { goos: string; goarch: string };
  built?: boolean;
  format?: string;
  limit?: string;
  diagnostics?: { path: string; line: number; column: number; message: string }[];
};

const built = (more: Told = {}) =>
  crossBody(
    create(CrossBuiltSchema, {
      target: { goos: 'windows', goarch: 'arm64' },
      built: true,
      sizeBytes: 1_500_000n,
      format: 'PE',
      libraries: ['kernel32.dll\0'],
      buildUs: 1_250n,
      ...more,
    }),
  );

describe('what was built for other systems', () => {
  it('is told by system', () => {
    const body = built();
    expect(runEventBodySchema.parse(body)).toEqual(body);
    expect(body).toMatchObject({ target: 'windows/arm64', format: 'PE', buildMs: 1.25, limit: null });
    expect(body.libraries[0]).not.toContain('\0');
    const failed = built({
      built: false,
      format: '',
      limit: 'memory',
      diagnostics: Array.from({ length: 60 }, () => ({ path: 'main.go', line: 1, column: 1, message: 'no' })),
    });
    expect(runEventBodySchema.parse(failed)).toEqual(failed);
    expect(failed).toMatchObject({ format: null, limit: 'memory', diagnostics: { length: 50 } });
  });

  it('is believed as far as it is known', () => {
    expect(() => built({ format: 'COM' })).toThrow(AgentProtocolError);
    expect(() => built({ limit: 'patience' })).toThrow(AgentProtocolError);
    expect(() => built({ target: { goos: 'plan9', goarch: 'mips' } })).toThrow(AgentProtocolError);
  });

  it('can be asked for the systems that the agent knows', () => {
    const go = readFileSync(
      new URL('../../../../../runner/internal/variant/cross.go', import.meta.url),
      'utf8',
    );
    const list = /Targets = \[\]Target\{([^;]*?)\n\}/.exec(go)?.[1] ?? '';
    const known = [...list.matchAll(/\{"(\w+)", "(\w+)"\}/g)].map(([, os, arch]) => `${os}/${arch}`);
    expect(known).toEqual(crossTargetSchema.options);
    expect(wireTarget('js/wasm')).toEqual({ goos: 'js', goarch: 'wasm' });
  });

  it('stands beside the experiments that the agent knows', () => {
    const go = readFileSync(
      new URL('../../../../../runner/internal/variant/experiment.go', import.meta.url),
      'utf8',
    );
    const list = /experiments = \[\]string\{(.*?)\}/.exec(go)?.[1] ?? '';
    expect([...list.matchAll(/"(\w+)"/g)].map(([, name]) => name)).toEqual(goExperimentSchema.options);
    const asks = (kind: string) => startRunSchema.safeParse({ kind, goExperiment: 'nogreenteagc' }).success;
    expect(['run', 'test', 'bench', 'race', 'check', 'vet'].map(asks)).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  it('is asked for by name, once each, and of no other kind', () => {
    const asks = (request: object) => startRunSchema.safeParse(request).success;
    expect(asks({ kind: 'cross', targets: ['linux/arm64', 'js/wasm'] })).toBe(true);
    expect(asks({ kind: 'cross' })).toBe(false);
    expect(asks({ kind: 'cross', targets: ['js/wasm', 'js/wasm'] })).toBe(false);
    expect(asks({ kind: 'run', targets: ['js/wasm'] })).toBe(false);
    expect(asks({ kind: 'cross', targets: ['js/wasm'], signals: ['cpu'] })).toBe(false);
  });
});
