import type { ProfileSignal } from '@lineage/contracts';
import type { RunRequest } from './use-start-run.ts';

/** What a person can press: a kind of run, or one that measures. */
export const choices = [
  'run',
  'check',
  'profile',
  'test',
  'coverage',
  'race',
  'bench',
  'vet',
  'format',
  'build',
  'assembly',
] as const;
export type Choice = (typeof choices)[number];

export const choiceKeys: Partial<Record<Choice, string>> = {
  run: 'mod+enter',
  check: 'mod+shift+enter',
  profile: 'mod+alt+enter',
};

const profileSignals: ProfileSignal[] = ['cpu', 'heap', 'goroutine'];

export function requestOf(choice: Choice): RunRequest {
  switch (choice) {
    case 'profile':
      return { kind: 'run', signals: profileSignals };
    case 'coverage':
      return { kind: 'test', testing: { coverage: true } };
    case 'assembly':
      // Of every function of the workspace.
      return { kind: 'build', assembly: '.' };
    case 'bench':
      return { kind: 'bench', compareWith: 'previous' };
    default:
      return { kind: choice, signals: [] };
  }
}
export const isChoice = (value: string | null): value is Choice => choices.some((choice) => choice === value);
