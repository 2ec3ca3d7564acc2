import type { MantineColorScheme, MantineColorSchemeManager } from '@mantine/core';

const KEY = 'lineage.theme';

const parse = (value: string | null): MantineColorScheme | null =>
  value === 'light' || value === 'dark' ? value : null;

let onStorage: ((event: StorageEvent) => void) | undefined;
const stop = (): void => {
  if (onStorage !== undefined) window.removeEventListener('storage', onStorage);
  onStorage = undefined;
};

/** Keeps the chosen theme under our key, as the page's first script reads it; other tabs follow. */
export const themeStore: MantineColorSchemeManager = {
  get: (fallback) => parse(localStorage.getItem(KEY)) ?? fallback,
  set: (value) => (value === 'auto' ? localStorage.removeItem(KEY) : localStorage.setItem(KEY, value)),
  subscribe: (onUpdate) => {
    stop();
    onStorage = (event) => {
      if (event.key === KEY) onUpdate(parse(event.newValue) ?? 'auto');
    };
    window.addEventListener('storage', onStorage);
  },
  unsubscribe: stop,
  clear: () => localStorage.removeItem(KEY),
};
