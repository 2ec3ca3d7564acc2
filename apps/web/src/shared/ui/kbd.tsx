import { keycaps } from '../keyboard/index.ts';
import css from './kbd.module.css';

const onMac = /mac|iphone|ipad/i.test(globalThis.navigator?.userAgent ?? '');

/** The keys of a command as caps. */
export function Keys({ keys }: { keys: string }) {
  return (
    <span className={css.keys}>
      {keycaps(keys, onMac).map((cap, index) => (
        <kbd key={`${index}-${cap}`}>{cap}</kbd>
      ))}
    </span>
  );
}
