import { useSyncExternalStore } from 'react';

/** What a person chose; `auto` is what the system says. */
export type Theme = 'auto' | 'light' | 'dark';

const KEY = 'lineage.theme';
const systemIsDark = matchMedia('(prefers-color-scheme: dark)');
const listeners = new Set<() => void>();

const parse = (value: string | null): Theme => (value === 'light' || value === 'dark' ? value : 'auto');

let chosen: Theme = parse(localStorage.getItem(KEY));

const shown = (): 'light' | 'dark' =>
  chosen === 'auto' ? (systemIsDark.matches ? 'dark' : 'light') : chosen;

function apply(): void {
  // Mantine's own name for it, so that its styles and ours follow one attribute.
  document.documentElement.dataset['mantineColorScheme'] = shown();
  for (const listener of listeners) listener();
}

/** Shows the chosen theme and follows the system and the other tabs. Called once, before the first rendering. */
export function startTheme(): void {
  systemIsDark.addEventListener('change', apply);
  window.addEventListener('storage', ({ key, newValue }) => {
    if (key !== KEY) return;
    chosen = parse(newValue);
    apply();
  });
  apply();
}

/** Keeps the choice in this browser, under the key that the page's first script reads. */
export function chooseTheme(theme: Theme): void {
  chosen = theme;
  if (theme === 'auto') localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, theme);
  apply();
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** The choice as it stands. */
export const useTheme = (): Theme => useSyncExternalStore(subscribe, () => chosen);
/** What is on the screen. */
export const useShownTheme = (): 'light' | 'dark' => useSyncExternalStore(subscribe, shown);
