import { cx } from './class-names.ts';
import css from './pills.module.css';

type Props = {
  /** What is chosen among, for a screen reader. */
  label: string;
  items: readonly { readonly id: string; readonly name: string }[];
  chosen: string;
  onChoose: (id: string) => void;
};

/** One of a few, all in sight. */
export function Pills({ label, items, chosen, onChoose }: Props) {
  return (
    <div className={css.choices} role="group" aria-label={label}>
      {items.map(({ id, name }) => (
        <button
          key={id}
          type="button"
          aria-pressed={id === chosen}
          className={cx(css.choice, id === chosen && css.chosen)}
          onClick={() => onChoose(id)}
        >
          {name}
        </button>
      ))}
    </div>
  );
}
