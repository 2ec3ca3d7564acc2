import { QueryClient } from '@tanstack/react-query';
import { ApiError } from './api-error.ts';

const FRESH_MS = 10_000;
const KEPT_MS = 30 * 60_000;
const MAX_RETRIES = 3;

/** Only a lost connection is worth another try: a refusal stays a refusal. */
export function worthRetrying(failures: number, error: unknown): boolean {
  return failures < MAX_RETRIES && error instanceof ApiError && error.kind === 'network';
}

/** The client's cache of the server's answers. */
export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: { staleTime: FRESH_MS, gcTime: KEPT_MS, retry: worthRetrying, networkMode: 'always' },
      mutations: { retry: false, networkMode: 'always' },
    },
  });
}
