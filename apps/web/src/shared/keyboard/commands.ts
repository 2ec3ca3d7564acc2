import { useEffect, useEffectEvent, useSyncExternalStore } from 'react';
import { matchesKeys, type Press } from './key-match.ts';

/** Something a person can do on this screen; listed in the palette, and under `?` when it has keys. */
export type Command = {
  readonly id: string;
  readonly name: string;
  readonly keys?: string | undefined;
  /** Heading in the palette and the list of keys. */
  readonly group: string;
  /** False hides it and frees its keys. */
  readonly enabled?: boolean | undefined;
  readonly run: () => void;
};

/** Within this time two presses are one sequence. */
const SEQUENCE_MS = 900;

const sets = new Map<symbol, readonly Command[]>();
const listeners = new Set<() => void>();
let all: readonly Command[] = [];

function publish(): void {
  const byId = new Map<string, Command>();
  for (const commands of sets.values())
    for (const command of commands) if (command.enabled !== false) byId.set(command.id, command);
  all = [...byId.values()];
  for (const listener of listeners) listener();
}

/** Offers commands while the component is on the screen. What was offered last wins a key. */
export function useCommands(commands: readonly Command[]): void {
  const run = useEffectEvent((id: string) => commands.find((command) => command.id === id)?.run());
  const described = JSON.stringify(
    commands.map(({ id, name, keys, group, enabled }) => ({ id, name, keys, group, enabled })),
  );
  useEffect(() => {
    const set = Symbol('commands');
    const plain = JSON.parse(described) as Omit<Command, 'run'>[];
    sets.set(
      set,
      plain.map((command) => ({ ...command, run: () => run(command.id) })),
    );
    publish();
    return () => {
      sets.delete(set);
      publish();
    };
  }, [described]);
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** Every command of the screen as it stands. */
export function useAllCommands(): readonly Command[] {
  return useSyncExternalStore(subscribe, () => all);
}

/** Listens for the keys of all commands on `window`; mounted once, by the frame. */
export function useCommandKeys(): void {
  useEffect(() => {
    let before: { press: Press; at: number } | null = null;
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing) return;
      const recent = before !== null && event.timeStamp - before.at < SEQUENCE_MS ? before.press : null;
      const writing = isWriting(event.target);
      const found = all
        .toReversed()
        .find(
          ({ keys }) =>
            keys !== undefined && (!writing || keys.startsWith('mod+')) && matchesKeys(keys, event, recent),
        );
      before =
        writing || ['Shift', 'Control', 'Alt', 'Meta'].includes(event.key)
          ? before
          : { press: event, at: event.timeStamp };
      if (found === undefined) return;
      event.preventDefault();
      before = null;
      found.run();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);
}

/** Single keys belong to whoever types text, and to a menu or dialog that is open. */
function isWriting(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return (
    target.isContentEditable ||
    target.closest('input, textarea, select, [role="menu"], [role="dialog"], [role="separator"]') !== null
  );
}
