import { useEffect, useState, useSyncExternalStore, type RefObject } from 'react';

/** The inner size of an element, kept true. */
export function useBox(element: RefObject<HTMLElement | null>): { width: number; height: number } {
  const [box, setBox] = useState({ width: 0, height: 0 });
  useEffect(() => {
    const watched = element.current;
    if (watched === null) return;
    const measure = (): void => setBox({ width: watched.clientWidth, height: watched.clientHeight });
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(watched);
    return () => observer.disconnect();
  }, [element]);
  return box;
}

const scheme = (): string => document.documentElement.dataset['mantineColorScheme'] ?? 'dark';

/** Whether the page is dark now. */
export function useIsDark(): boolean {
  return useSyncExternalStore(subscribeToScheme, () => scheme() !== 'light');
}

function subscribeToScheme(listener: () => void): () => void {
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributeFilter: ['data-mantine-color-scheme'] });
  return () => observer.disconnect();
}
