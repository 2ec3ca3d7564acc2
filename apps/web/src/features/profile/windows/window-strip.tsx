import { shortName } from '@lineage/pprof';
import { useRef, type KeyboardEvent, type PointerEvent } from 'react';
import { useFormat, useTranslation } from '../../../shared/i18n/index.ts';
import type { WindowSum } from './use-windows.ts';
import { coresOf, rangeOf, windowAt, type ProfileWindow, type WindowChoice } from './window-choice.ts';
import css from './windows.module.css';

const HEIGHT = 28;

type Props = {
  windows: readonly ProfileWindow[];
  sums: readonly (WindowSum | undefined)[];
  choice: WindowChoice;
  onChoose: (choice: WindowChoice) => void;
};

/** The windows of a run side by side, as high as the cores they kept busy: one is chosen by pointer or arrow keys. */
export function WindowStrip({ windows, sums, choice, onChoose }: Props) {
  const { t } = useTranslation('profile');
  const strip = useRef<HTMLDivElement>(null);
  const say = useWindowSentence();
  const range = rangeOf(choice, windows);
  if (range === null) return null;
  const [start, end] = [windows[0]?.fromMs ?? 0, windows.at(-1)?.toMs ?? 0];
  const cores = windows.map((window, at) => coresOf(window, sums[at]?.cpuNanos ?? 0));
  const most = Math.max(1, ...cores);
  const choose = (at: number): void => {
    const window = windows[Math.min(windows.length - 1, Math.max(0, at))];
    if (window !== undefined) onChoose(window.number);
  };
  const onPointer = (event: PointerEvent): void => {
    const box = strip.current?.getBoundingClientRect();
    if (box === undefined || event.buttons === 0) return;
    choose(windowAt((event.clientX - box.left) / Math.max(1, box.width), windows));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowLeft') choose(range.to - 1);
    else if (event.key === 'ArrowRight') choose(range.to + 1);
    else if (event.key === 'Home') choose(0);
    else if (event.key === 'End') onChoose('latest');
    else if (event.key === 'Escape' && choice !== 'all') onChoose('all');
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const shown = windows[range.to];
  return (
    <div
      ref={strip}
      className={css.strip}
      role="slider"
      tabIndex={0}
      aria-label={t('windows.strip')}
      aria-valuemin={1}
      aria-valuemax={windows.length}
      aria-valuenow={range.to + 1}
      aria-valuetext={
        choice === 'all' ? t('windows.all') : shown === undefined ? undefined : say(shown, sums[range.to])
      }
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        onPointer(event);
      }}
      onPointerMove={onPointer}
      onKeyDown={onKeyDown}
    >
      <svg viewBox={`0 0 1000 ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
        {windows.map(({ number, fromMs, toMs }, at) => {
          const scale = 1000 / Math.max(1, end - start);
          const height = Math.max(2, ((cores[at] ?? 0) / most) * (HEIGHT - 2));
          const isShown = at >= range.from && at <= range.to;
          return (
            <rect
              key={number}
              x={(fromMs - start) * scale}
              width={Math.max(1, (toMs - fromMs) * scale - 1)}
              y={HEIGHT - height}
              height={height}
              className={isShown ? css.shownBar : css.bar}
            />
          );
        })}
      </svg>
    </div>
  );
}

/** What a window is, in a sentence: when, how busy, and with what. */
export function useWindowSentence(): (window: ProfileWindow, sum: WindowSum | undefined) => string {
  const { t } = useTranslation('profile');
  const { number } = useFormat();
  const seconds = (ms: number): string => number(Math.round(ms / 10) / 100);
  return (window, sum) =>
    t(sum?.hot == null ? 'windows.idle' : 'windows.one', {
      from: seconds(window.fromMs),
      to: seconds(window.toMs),
      cores: number(Math.round(coresOf(window, sum?.cpuNanos ?? 0) * 100) / 100),
      hot: shortName(sum?.hot ?? ''),
    });
}
