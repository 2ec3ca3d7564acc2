import { useState } from 'react';

type Handlers = { onClick?: () => void; onPointerEnter?: () => void; onFocus?: () => void };

/**
 * For a button whose menu is loaded on use: its code comes when the pointer or the focus reaches the button, and `wanted`
 * is true from the first press on. The handlers belong on the button until then.
 */
export function useReached(load: () => Promise<unknown>): { wanted: boolean; handlers: Handlers } {
  const [wanted, setWanted] = useState(false);
  const reach = (): void => void load();
  return {
    wanted,
    handlers: wanted ? {} : { onClick: () => setWanted(true), onPointerEnter: reach, onFocus: reach },
  };
}
