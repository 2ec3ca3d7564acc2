import type { Person } from '@lineage/contracts';
import { useEffect, useSyncExternalStore, type ReactNode } from 'react';

/** What a page says to the frame around it. */
export type PageFrame = {
  /** Names the thing; also the tab's title. */
  readonly title: string;
  readonly crumbs?: readonly { label: string; href: string }[] | undefined;
  /** When the class that is shown went live. */
  readonly liveSince?: string | null | undefined;
  readonly step?: { number: number; total: number; title: string } | null | undefined;
  readonly people?: readonly Person[] | undefined;
  /** A state that must always be in sight, such as whether edits are saved. */
  readonly status?: ReactNode;
  /** The page fills the window itself and wants a narrow rail. */
  readonly wide?: boolean | undefined;
};

let current: PageFrame = { title: '' };
const listeners = new Set<() => void>();
const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** Sets the frame of the page while it is shown. Memoise `frame`: a new object is a new frame. */
export function usePageFrame(frame: PageFrame): void {
  useEffect(() => {
    current = frame;
    document.title = frame.title === '' ? 'Lineage' : `${frame.title} · Lineage`;
    for (const listener of listeners) listener();
  }, [frame]);
}

/** The frame that the current page asked for. */
export function useCurrentFrame(): PageFrame {
  return useSyncExternalStore(subscribe, () => current);
}
