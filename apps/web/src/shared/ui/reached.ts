import { useEffect, useRef, useState, type RefObject } from 'react';

type Handlers = { onClick?: () => void; onPointerEnter?: () => void; onFocus?: () => void };
type ButtonRef = RefObject<HTMLButtonElement | null>;

/**
 * For a button whose menu is loaded on use: its code comes when the pointer or the focus reaches the button, and `wanted`
 * is true from the first press on. The handlers belong on the button until then, `button` is its ref throughout.
 */
export function useReached(load: () => Promise<unknown>): {
  wanted: boolean;
  handlers: Handlers;
  button: ButtonRef;
} {
  const [wanted, setWanted] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const reach = (): void => void load();
  return {
    wanted,
    button,
    handlers: wanted ? {} : { onClick: () => setWanted(true), onPointerEnter: reach, onFocus: reach },
  };
}

/** For that menu: open from the start. The button was drawn anew around it, so it takes the focus back first. */
export function useOpenFromButton(button: ButtonRef): {
  opened: boolean;
  onChange: (opened: boolean) => void;
} {
  const [opened, onChange] = useState(false);
  useEffect(() => {
    button.current?.focus();
    onChange(true);
  }, [button]);
  return { opened, onChange };
}
