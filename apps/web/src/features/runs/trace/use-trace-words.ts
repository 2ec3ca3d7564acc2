import { useFormat, useTranslation } from '../../../shared/i18n/index.ts';
import { shortFunction } from '../findings/stack-list.tsx';
import type { Call, Lane, Span, Times } from './lanes.ts';

/** How times, lanes and spans of a trace are said. */
export function useTraceWords(nameOf: (id: number) => string) {
  const { t } = useTranslation('trace');
  const { number } = useFormat();
  const short = (value: number): string => number(Number(value.toPrecision(3)));
  /** A length or a moment, with three digits that count. */
  const time = (ms: number): string => {
    if (ms >= 1000) return t('s', { n: number(Math.round(ms) / 1000) });
    return ms >= 1 || ms === 0 ? t('ms', { n: short(ms) }) : t('us', { n: short(ms * 1000) });
  };
  /** A moment on an axis whose marks are so far apart. */
  const tick = (ms: number, stepMs: number): string => {
    if (stepMs >= 100 && ms >= 1000) return t('s', { n: number(Math.round(ms / 10) / 100) });
    return stepMs < 1 ? t('ms', { n: number(Math.round(ms * 1000) / 1000) }) : t('ms', { n: number(ms) });
  };
  const goroutine = (id: number): string => t('goroutine', { id, name: shortFunction(nameOf(id)) }).trim();
  const lane = (one: Lane): string => {
    if (one.kind === 'all') return t('allGoroutines');
    return one.kind === 'proc' ? t('proc', { id: one.id }) : goroutine(one.id);
  };
  const place = ({ path, line }: Call): string => `${path}:${line}`;
  const span = (one: Span): string =>
    [
      t('span', {
        who: goroutine(one.goroutine),
        state: t(`state.${one.state}`),
        length: time(one.toMs - one.fromMs),
        at: time(one.fromMs),
      }),
      one.reason === '' ? '' : t('why', { reason: one.reason }),
      one.proc < 0 ? '' : t('onProc', { id: one.proc }),
      one.call === null ? '' : t('at', { name: shortFunction(one.call.function), place: place(one.call) }),
    ]
      .filter((part) => part !== '')
      .join(' ');
  const sum = (one: Lane, times: Times, atMs: number, lengthMs: number): string =>
    t('sum', {
      who: lane(one),
      at: time(atMs),
      length: time(lengthMs),
      running: time(times.running),
      runnable: time(times.runnable),
      syscall: time(times.syscall),
    });
  return { time, tick, goroutine, lane, place, span, sum };
}
export type TraceWords = ReturnType<typeof useTraceWords>;
