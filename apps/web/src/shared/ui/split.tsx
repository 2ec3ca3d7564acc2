import { useRef, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react';
import { cx } from './class-names.ts';
import { clampSplit, splitKey, type SplitLimits } from './split-size.ts';
import css from './split.module.css';

const KEY_STEP_PERCENT = 4;

type Props = {
  /** Side by side, or one above the other. */
  direction: 'row' | 'column';
  /** The first side's part in percent; 0 and 100 hide a side, which stays mounted. */
  size: number;
  onSize: (size: number) => void;
  /** The size that a double click goes back to. */
  usual: number;
  limits: SplitLimits;
  /** What the separator changes, for a screen reader. */
  label: string;
  first: ReactNode;
  second: ReactNode;
};

/** Two panes and a separator that is moved by pointer and keyboard (the window splitter pattern of WAI-ARIA). */
export function Split({ direction, size, onSize, usual, limits, label, first, second }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const sideways = direction === 'row';
  const wish = (percent: number): void => {
    const whole = (sideways ? box.current?.clientWidth : box.current?.clientHeight) ?? 0;
    onSize(clampSplit(percent, whole, limits));
  };
  const onPointerMove = (event: PointerEvent<HTMLDivElement>): void => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const edges = box.current?.getBoundingClientRect();
    if (edges === undefined) return;
    const part = sideways
      ? (event.clientX - edges.left) / edges.width
      : (event.clientY - edges.top) / edges.height;
    wish(Math.min(1, Math.max(0, part)) * 100);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = splitKey(event.key, size, sideways, KEY_STEP_PERCENT);
    if (next === null) return;
    event.preventDefault();
    // A hidden side comes back at its least size rather than pixel by pixel.
    const toward = next > size ? 1 : -1;
    const hidden = size === 0 || size === 100;
    wish(hidden && next !== 0 && next !== 100 ? usualFrom(size, usual, toward) : next);
  };
  return (
    <div ref={box} className={cx(css.split, css[direction])}>
      <div className={css.side} style={{ flexBasis: `${size}%` }} inert={size === 0}>
        {first}
      </div>
      <div
        role="separator"
        tabIndex={0}
        aria-label={label}
        aria-orientation={sideways ? 'vertical' : 'horizontal'}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(size)}
        className={css.separator}
        onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
        onPointerMove={onPointerMove}
        onDoubleClick={() => wish(usual)}
        onKeyDown={onKeyDown}
      />
      <div className={css.side} style={{ flexBasis: `${100 - size}%` }} inert={size === 100}>
        {second}
      </div>
    </div>
  );
}

const usualFrom = (size: number, usual: number, toward: 1 | -1): number =>
  (size === 0) === (toward === 1) ? usual : size;
