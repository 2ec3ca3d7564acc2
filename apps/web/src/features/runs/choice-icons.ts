import {
  Activity,
  Binary,
  CircleCheck,
  Cpu,
  FlaskConical,
  Gauge,
  GitCompareArrows,
  ListChecks,
  Play,
  ScanSearch,
  WrapText,
} from 'lucide-react';
import type { Choice } from './run-kinds.ts';

/** Loaded with the menu; the button itself has one of its own until then. */
export const choiceIcons = {
  run: Play,
  check: CircleCheck,
  profile: Activity,
  test: FlaskConical,
  coverage: ListChecks,
  race: GitCompareArrows,
  bench: Gauge,
  vet: ScanSearch,
  format: WrapText,
  build: Cpu,
  assembly: Binary,
} as const satisfies Record<Choice, unknown>;
