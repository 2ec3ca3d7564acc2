import { useId, useMemo, useState, type KeyboardEvent } from 'react';
import { useTranslation } from '../../shared/i18n/index.ts';
import { useAllCommands, type Command } from '../../shared/keyboard/index.ts';
import { Dialog } from '../../shared/ui/dialog.tsx';
import { cx, Keys } from '../../shared/ui/index.ts';
import { rankCommands } from './rank-commands.ts';
import css from './palette.module.css';

/** Every action of the screen by name, with its keys. */
export function Palette({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('app');
  const commands = useAllCommands();
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(0);
  const listId = useId();
  const found = useMemo(
    () =>
      rankCommands(
        commands.filter(({ id }) => id !== 'palette'),
        query,
      ),
    [commands, query],
  );
  const chosen = found[Math.min(at, found.length - 1)];
  const run = (command: Command | undefined): void => {
    if (command === undefined) return;
    onClose();
    // After the dialog has given the focus back.
    setTimeout(() => command.run(), 0);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setAt((now) => (Math.min(now, found.length - 1) + step + found.length) % Math.max(1, found.length));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      run(chosen);
    }
  };
  return (
    <Dialog title={t('command.palette')} opened onClose={onClose} size={560}>
      <input
        className={css.input}
        role="combobox"
        aria-expanded="true"
        aria-controls={listId}
        aria-activedescendant={chosen === undefined ? undefined : `${listId}-${chosen.id}`}
        aria-label={t('command.search')}
        placeholder={t('command.search')}
        data-autofocus
        value={query}
        onChange={(event) => {
          setQuery(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <ul id={listId} role="listbox" aria-label={t('command.palette')} className={css.list}>
        {found.map((command) => (
          <li
            key={command.id}
            id={`${listId}-${command.id}`}
            role="option"
            aria-selected={command === chosen}
            className={cx(css.option, command === chosen && css.chosen)}
            ref={command === chosen ? scrollIntoSight : null}
            onClick={() => run(command)}
          >
            <span className={css.group}>{command.group}</span>
            <span>{command.name}</span>
            <span className={css.keys}>{command.keys !== undefined && <Keys keys={command.keys} />}</span>
          </li>
        ))}
      </ul>
      {found.length === 0 && <p className={css.none}>{t('command.none', { query })}</p>}
    </Dialog>
  );
}

function scrollIntoSight(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: 'nearest' });
}
