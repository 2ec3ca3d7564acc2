import { useState } from 'react';

/** The secret after `#` of a one-time link. It is never sent in an address, so it is in no log. */
export function useFragmentToken(): string {
  const [token] = useState(() => location.hash.slice(1));
  return token;
}
