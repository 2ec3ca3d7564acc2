import { ApiError } from '../../shared/api/index.ts';

/** Which sentence a failed sign-in or sign-up deserves; null when it is not about what was typed. */
export function loginProblem(error: unknown): 'wrong' | 'taken' | 'tooMany' | 'invalid' | null {
  if (!(error instanceof ApiError)) return null;
  switch (error.status) {
    case 401:
    case 403:
      return 'wrong';
    case 409:
    case 422:
      return 'taken';
    case 429:
      return 'tooMany';
    case 400:
      return 'invalid';
    default:
      return null;
  }
}
