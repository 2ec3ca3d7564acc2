import { vi } from 'vitest';
import { log } from '../src/platform/logging/index.ts';

export type LogLine = { readonly level: string; readonly message: string; readonly fields: object };

/** Everything that is logged from now on, whatever the level of the test. Call it after the application was started. */
export function hearLog(): LogLine[] {
  const lines: LogLine[] = [];
  for (const level of ['info', 'warn', 'error'] as const) {
    vi.spyOn(log, level).mockImplementation((first: unknown, message?: unknown) => {
      const fields = typeof first === 'object' && first !== null ? first : {};
      lines.push({ level, message: typeof first === 'string' ? first : String(message), fields });
    });
  }
  return lines;
}
