import type { Frame, Stack } from '@lineage/contracts';
import type { KeyboardEvent } from 'react';
import { useTranslation } from '../../../shared/i18n/index.ts';
import { cx } from '../../../shared/ui/index.ts';
import type { Source } from '../output-line.tsx';
import { PlaceInSource } from '../place-in-source.tsx';
import css from './findings.module.css';

type Props = { stack: Stack; source: Source; /** Leaves out calls of Go itself. */ onlyOurs: boolean };

/** Calls on a stack, innermost first; those in the workspace lead to their lines. */
export function StackList({ stack, source, onlyOurs }: Props) {
  const { t } = useTranslation('findings');
  const shown = onlyOurs ? stack.frames.filter(({ inWorkspace }) => inWorkspace) : stack.frames;
  const hidden = stack.frames.length - shown.length;
  return (
    <>
      {shown.length > 0 && (
        <ol className={css.stack}>
          {shown.map((frame, at) => (
            <FrameRow key={at} frame={frame} source={source} />
          ))}
        </ol>
      )}
      {hidden > 0 && <p className={css.dim}>{t('hiddenCalls', { count: hidden })}</p>}
      {stack.elided && <p className={css.dim}>{t('elided')}</p>}
    </>
  );
}

function FrameRow({ frame, source }: { frame: Frame; source: Source }) {
  const place = frame.line > 0 ? `${frame.path}:${frame.line}` : frame.path;
  return (
    <li className={cx(css.frame, !frame.inWorkspace && css.foreign)}>
      <code className={css.function}>{shortFunction(frame.function)}</code>{' '}
      <span className={css.place}>
        {frame.inWorkspace ? (
          <PlaceInSource file={frame.path} line={frame.line} source={source}>
            {place}
          </PlaceInSource>
        ) : (
          <code>{place}</code>
        )}
      </span>
    </li>
  );
}

/** Without the path of the package, which the place says already: `net/http.(*conn).serve` is `http.(*conn).serve`. */
export function shortFunction(name: string): string {
  const path = /^[^([{]*\//.exec(name)?.[0] ?? '';
  return name.slice(path.length);
}

/** Up and down go from one place in the source to the next, as in a list; for the element around stacks. */
export function onStackKeys(event: KeyboardEvent<HTMLElement>): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  if (step === 0 || !(event.target instanceof HTMLElement)) return;
  const places = [...event.currentTarget.querySelectorAll<HTMLElement>('button, summary')].filter(
    (element) => element.offsetParent !== null,
  );
  const at = places.indexOf(event.target);
  const next = at < 0 ? undefined : places[at + step];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}
