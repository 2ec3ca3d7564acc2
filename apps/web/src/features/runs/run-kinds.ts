import type { ProfileSignal, RunKind } from '@lineage/contracts';
import { Activity, CircleCheck, FlaskConical, Gauge, Play } from 'lucide-react';

/** What a person can press: a kind of run, or a run with profiles. */
export type Choice = 'run' | 'check' | 'profile' | 'test' | 'bench';

export const choices: readonly Choice[] = ['run', 'check', 'profile', 'test', 'bench'];

export const choiceIcons = {
  run: Play,
  check: CircleCheck,
  profile: Activity,
  test: FlaskConical,
  bench: Gauge,
};

export const choiceKeys: Partial<Record<Choice, string>> = {
  run: 'mod+enter',
  check: 'mod+shift+enter',
  profile: 'mod+alt+enter',
};

const profileSignals: ProfileSignal[] = ['cpu', 'heap', 'goroutine'];

export const requestOf = (choice: Choice): { kind: RunKind; signals: ProfileSignal[] } =>
  choice === 'profile' ? { kind: 'run', signals: profileSignals } : { kind: choice, signals: [] };

/** The tab where a choice's result is read. */
export const tabOf = (choice: Choice): 'output' | 'tests' | 'flame' =>
  choice === 'profile' ? 'flame' : choice === 'check' || choice === 'test' ? 'tests' : 'output';

export const isChoice = (value: string | null): value is Choice => choices.some((choice) => choice === value);
