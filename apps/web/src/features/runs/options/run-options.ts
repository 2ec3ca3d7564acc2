import {
  crossTargetSchema,
  fuzzTargetSchema,
  goExperimentSchema,
  goVersionSchema,
  MOST_FUZZ_MS,
  profileSignalSchema,
  runEnvSchema,
  runIdSchema,
  takesExperiment,
  testOptionsSchema,
  type CrossTarget,
  type ProfileSignal,
  type RunEnv,
} from '@lineage/contracts';
import { z } from 'zod';
import type { RunRequest } from '../use-start-run.ts';
import { noSweep, sweepOf, sweepOptionsSchema } from './sweep-options.ts';

/** The kinds of run that have something to choose. */
export const optionKinds = ['run', 'test', 'race', 'bench', 'fuzz', 'cross'] as const;
export type OptionKind = (typeof optionKinds)[number];
export const envNames = ['GOMAXPROCS', 'GOGC', 'GOMEMLIMIT', 'GODEBUG', 'GOTRACEBACK'] as const;
export type EnvName = (typeof envNames)[number];

/** As often as the runner repeats a test. */
export const MOST_REPEATS = 100;

export const MOST_FUZZ_SECONDS = MOST_FUZZ_MS / 1000;
/** Where most programs go; nobody has to choose before the first one. */
const usualTargets: CrossTarget[] = ['linux/arm64', 'darwin/arm64', 'windows/amd64'];

/** As somebody filled them in: arguments as one line, an empty field for what is not set. */
const runOptionsSchema = z.object({
  kind: z.enum(optionKinds),
  signals: z.array(profileSignalSchema),
  args: z.string(),
  env: z.partialRecord(z.enum(envNames), z.string()),
  pattern: z.string(),
  count: z.int().min(0).max(MOST_REPEATS).default(0),
  shuffle: z.boolean().default(false),
  /** Of an order that was told before; empty for another one each time. */
  shuffleSeed: z.string().default(''),
  coverage: z.boolean().default(false),
  goExperiment: goExperimentSchema.nullable().default(null),
  goVersion: goVersionSchema.nullable().default(null),
  fuzzTarget: z.string().default(''),
  fuzzSeconds: z.int().min(1).max(MOST_FUZZ_SECONDS).default(10),
  targets: z.array(crossTargetSchema).default(usualTargets),
  hasStdin: z.boolean(),
  stdin: z.string(),
  sweep: sweepOptionsSchema.default(noSweep),
  /** For benchmarks; a run that is gone by now is compared with nothing. */
  compareWith: z
    .union([z.literal('previous'), runIdSchema])
    .nullable()
    .default('previous'),
});
export type RunOptions = z.infer<typeof runOptionsSchema>;

export const noOptions: RunOptions = {
  kind: 'run',
  signals: [],
  args: '',
  env: {},
  pattern: '',
  count: 0,
  shuffle: false,
  shuffleSeed: '',
  coverage: false,
  goExperiment: null,
  goVersion: null,
  fuzzTarget: '',
  fuzzSeconds: 10,
  targets: usualTargets,
  hasStdin: false,
  stdin: '',
  sweep: noSweep,
  compareWith: 'previous',
};

/** What was kept, or nothing chosen when it makes no sense. */
export function parseOptions(text: string | null): RunOptions {
  if (text === null) return noOptions;
  try {
    return runOptionsSchema.safeParse(JSON.parse(text)).data ?? noOptions;
  } catch {
    // Somebody else's text under our key.
    return noOptions;
  }
}

/** Which of the options a kind has: a program has arguments and input, tests have a pattern. */
export const hasPattern = (kind: OptionKind): boolean =>
  kind !== 'run' && kind !== 'cross' && kind !== 'fuzz';
export const hasProgram = (kind: OptionKind): boolean => kind === 'run' || kind === 'race';
/** Of tests alone: what else runs is not to be slowed down by counting. */
export const hasCoverage = (kind: OptionKind): boolean => kind === 'test';
/** Only a program can be run over a parameter, and then without a profile: its runs are compared as they are. */
export const isSweep = ({ kind, sweep }: RunOptions): boolean => kind === 'run' && sweep.parameter !== '';
/** What builds for other systems executes nothing. */
export const hasEnvironment = (kind: OptionKind): boolean => kind !== 'cross';
/** What executes, and is not graded, may be built with an experiment of Go. */
export const hasExperiment = (kind: OptionKind): boolean => takesExperiment(kind);
/** What can be measured. */
export const signalsOf = (options: RunOptions): readonly ProfileSignal[] => {
  if (options.kind === 'cross' || options.kind === 'fuzz') return [];
  const all = profileSignalSchema.options;
  return isSweep(options) ? all.filter((signal) => signal.endsWith('trace') && signal !== 'trace') : all;
};

type WrongField = EnvName | 'args' | 'shuffleSeed' | 'sweep' | 'targets' | 'fuzzTarget';

/** The fields that cannot be sent as they are. */
export function wrongFields(options: RunOptions): WrongField[] {
  if (options.kind === 'cross') return options.targets.length === 0 ? ['targets'] : [];
  const wrong: WrongField[] = envNames.filter((name) => {
    const value = options.env[name] ?? '';
    return value !== '' && !runEnvSchema.safeParse({ [name]: value }).success;
  });
  if (options.kind === 'fuzz' && !fuzzTargetSchema.safeParse(options.fuzzTarget).success)
    wrong.push('fuzzTarget');
  if (hasProgram(options.kind) && splitArguments(options.args) === null) wrong.push('args');
  if (hasPattern(options.kind) && !testOptionsSchema.shape.shuffle.safeParse(shuffleOf(options)).success)
    wrong.push('shuffleSeed');
  if (isSweep(options) && sweepOf(options.sweep) === null) wrong.push('sweep');
  return wrong;
}

/** As the contract has it: nothing, `on`, or a seed. */
const shuffleOf = ({ shuffle, shuffleSeed }: RunOptions): string => {
  if (!shuffle) return '';
  return shuffleSeed === '' ? 'on' : shuffleSeed;
};

/** Options without `wrongFields` as a run is asked for. */
export function requestOfOptions(options: RunOptions): RunRequest {
  if (options.kind === 'cross') return { kind: 'cross', targets: options.targets };
  const { kind, signals, args, env, pattern, count, shuffle, hasStdin, stdin } = options;
  const coverage = hasCoverage(kind) && options.coverage;
  const fuzz = { fuzz: options.fuzzTarget, fuzzMs: options.fuzzSeconds * 1000 };
  const repeats = hasPattern(kind) && (count > 0 || shuffle || coverage);
  const set = Object.entries(env).filter(([, value]) => value !== '');
  return {
    kind: kind === 'fuzz' ? 'test' : kind,
    signals: signals.filter((signal) => signalsOf(options).includes(signal)),
    args: hasProgram(kind) ? (splitArguments(args) ?? []) : [],
    env: Object.fromEntries(set) as RunEnv,
    pattern: hasPattern(kind) ? pattern : '',
    testing: kind === 'fuzz' ? fuzz : repeats ? { count, shuffle: shuffleOf(options), coverage } : null,
    goExperiment: hasExperiment(kind) && options.goVersion === null ? options.goExperiment : null,
    goVersion: hasExperiment(kind) ? options.goVersion : null,
    stdin: hasProgram(kind) && hasStdin ? stdin : null,
    ...(isSweep(options) ? { sweep: sweepOf(options.sweep) } : {}),
    ...(kind === 'bench' ? { compareWith: options.compareWith } : {}),
  };
}

/** With a system more or less, in the order of the contract. */
export function toggledTarget(targets: readonly CrossTarget[], target: CrossTarget): CrossTarget[] {
  return crossTargetSchema.options.filter((one) => targets.includes(one) !== (one === target));
}

/** With a signal more or less, in the order of the contract. */
export function toggledSignal(signals: readonly ProfileSignal[], signal: ProfileSignal): ProfileSignal[] {
  return profileSignalSchema.options.filter((one) => signals.includes(one) !== (one === signal));
}

/**
 * A line as a shell would split it: blanks part arguments, quotes of both kinds and a backslash keep them together.
 * Null when a quote is open.
 */
export function splitArguments(line: string): string[] | null {
  const args: string[] = [];
  let current: string | null = null;
  let quote: string | null = null;
  for (let at = 0; at < line.length; at += 1) {
    const letter = line[at] ?? '';
    if (letter === '\\' && quote !== "'" && at + 1 < line.length) {
      at += 1;
      current = (current ?? '') + (line[at] ?? '');
    } else if (letter === quote) quote = null;
    else if (quote === null && (letter === '"' || letter === "'")) {
      quote = letter;
      current ??= '';
    } else if (quote === null && /\s/.test(letter)) {
      if (current !== null) args.push(current);
      current = null;
    } else current = (current ?? '') + letter;
  }
  if (quote !== null) return null;
  return current === null ? args : [...args, current];
}
