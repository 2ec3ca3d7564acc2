/** What of a key press matters; a `KeyboardEvent` is one. */
export type Press = {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
};

/**
 * A binding is `f`, `?`, `Escape`, `mod+k` (Ctrl, or Cmd on a Mac), `shift+f`, `alt+1`, or two of these with a space
 * between: `g t` is g, then t.
 */
export function matchesStroke(stroke: string, press: Press): boolean {
  const parts = stroke.split('+');
  const key = parts.at(-1) ?? '';
  const wants = new Set(parts.slice(0, -1));
  if ((press.ctrlKey || press.metaKey) !== wants.has('mod')) return false;
  if (press.altKey !== wants.has('alt')) return false;
  // Punctuation already says what Shift did; letters and named keys do not.
  if (/^([a-z]|..+)$/i.test(key) && press.shiftKey !== wants.has('shift')) return false;
  return press.key.toLowerCase() === key.toLowerCase();
}

/** Whether `keys` is met by this press, given the press before it (null when that was too long ago). */
export function matchesKeys(keys: string, press: Press, before: Press | null): boolean {
  const [first = '', second] = keys.split(' ');
  if (second === undefined) return matchesStroke(first, press);
  return before !== null && matchesStroke(first, before) && matchesStroke(second, press);
}

/** The keycaps of a binding for display, on this kind of machine. */
export function keycaps(keys: string, mac: boolean): string[] {
  const names: Record<string, string> = {
    mod: mac ? '⌘' : 'Ctrl',
    alt: mac ? '⌥' : 'Alt',
    shift: mac ? '⇧' : 'Shift',
    escape: 'Esc',
    enter: '↵',
    arrowup: '↑',
    arrowdown: '↓',
    arrowleft: '←',
    arrowright: '→',
    ' ': 'Space',
  };
  return keys
    .split(' ')
    .flatMap((stroke) =>
      stroke
        .split('+')
        .map((part) => names[part.toLowerCase()] ?? (part.length === 1 ? part.toUpperCase() : part)),
    );
}
