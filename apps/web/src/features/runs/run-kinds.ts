import type { ProfileSignal, RunKind } from '@lineage/contracts';
import {
  Activity,
  CircleCheck,
  Cpu,
  FlaskConical,
  Gauge,
  GitCompareArrows,
  Play,
  ScanSearch,
  WrapText,
} from 'lucide-react';

/** What a person can press: a kind of run, or a run with profiles. */
export const choices = [
  'run',
  'check',
  'profile',
  'test',
  'race',
  'bench',
  'vet',
  'format',
  'build',
] as const;
export type Choice = (typeof choices)[number];

export const choiceIcons = {
  run: Play,
  check: CircleCheck,
  profile: Activity,
  test: FlaskConical,
  race: GitCompareArrows,
  bench: Gauge,
  vet: ScanSearch,
  format: WrapText,
  build: Cpu,
};

export const choiceKeys: Partial<Record<Choice, string>> = {
  run: 'mod+enter',
  check: 'mod+shift+enter',
  profile: 'mod+alt+enter',
};

const profileSignals: ProfileSignal[] = ['cpu', 'heap', 'goroutine'];

export const requestOf = (choice: Choice): { kind: RunKind; signals: ProfileSignal[] } =>
  choice === 'profile' ? { kind: 'run', signals: profileSignals } : { kind: choice, signals: [] };

export const isChoice = (value: string | null): value is Choice => choices.some((choice) => choice === value);
