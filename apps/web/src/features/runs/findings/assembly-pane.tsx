import type { AssemblyBody } from '@lineage/contracts';
import { useEffect, useRef, useState } from 'react';
import { useFormat, useTranslation } from '../../../shared/i18n/index.ts';
import { cx } from '../../../shared/ui/index.ts';
import { SelectField } from '../../../shared/ui/field.tsx';
import { useCaretLine, type CaretLine } from '../caret-line.ts';
import type { Source } from '../output-line.tsx';
import { PlaceInSource } from '../place-in-source.tsx';
import { comesFrom, functionFor, shownInstructions } from './assembly-lines.ts';
import css from './assembly-pane.module.css';
import findings from './findings.module.css';
import { onStackKeys, shortFunction } from './stack-list.tsx';

type Props = {
  functions: readonly AssemblyBody[];
  source: Source;
};

/** Functions as the compiler made them, each instruction with its line: the lines lead there and back. */
export function AssemblyPane({ functions, source }: Props) {
  const caret = useCaretLine();
  const { t } = useTranslation('findings');
  const [chosen, setChosen] = useState('');
  const own = functions.filter(({ path }) => source.has(path));
  // Whoever chose a function keeps it until the caret is on a line of another.
  const [followed, setFollowed] = useState<CaretLine | null>(null);
  const isNew = caret !== null && (followed?.file !== caret.file || followed.line !== caret.line);
  const found = functionFor(own, isNew ? caret : null, chosen);
  if (isNew) {
    setFollowed(caret);
    if (found !== undefined && found.function !== chosen) setChosen(found.function);
  }
  if (found === undefined) return <p className={findings.dim}>{t('assembly.none')}</p>;
  return (
    <div className={findings.withTools}>
      <div className={findings.tools}>
        <SelectField
          size="xs"
          aria-label={t('assembly.function')}
          data={own.map((one) => ({ value: one.function, label: shortFunction(one.function) }))}
          value={found.function}
          onChange={({ currentTarget: { value } }) => setChosen(value)}
        />
        <Facts shown={found} source={source} />
      </div>
      <Instructions shown={found} caret={caret} source={source} />
    </div>
  );
}

function Facts({
  shown: { path, line, sizeBytes, frameBytes },
  source,
}: {
  shown: AssemblyBody;
  source: Source;
}) {
  const { t } = useTranslation('findings');
  const { number } = useFormat();
  return (
    <span className={css.facts}>
      <PlaceInSource file={path} line={line} source={source}>
        {path}:{line}
      </PlaceInSource>{' '}
      {t('assembly.facts', { size: number(sizeBytes), frame: number(frameBytes) })}
    </span>
  );
}

type InstructionsProps = { shown: AssemblyBody; caret: CaretLine | null; source: Source };

function Instructions({ shown, caret, source }: InstructionsProps) {
  const { t } = useTranslation('findings');
  const pane = useRef<HTMLDivElement>(null);
  const rows = shownInstructions(shown);
  const marked = caret === null ? 0 : rows.filter((one) => comesFrom(one, caret)).length;
  useEffect(() => {
    pane.current?.querySelector('[data-marked]')?.scrollIntoView({ block: 'nearest' });
  }, [shown, caret]);
  return (
    <div
      ref={pane}
      className={findings.pane}
      role="region"
      tabIndex={0}
      aria-label={t('assembly.title')}
      onKeyDown={onStackKeys}
    >
      <p className={css.about} role="status">
        {caret === null || marked === 0
          ? t('assembly.hint')
          : t('assembly.ofCaret', { count: marked, place: `${caret.file}:${caret.line}` })}
      </p>
      <table className={css.table}>
        <thead className="ln-hidden">
          <tr>
            <th scope="col">{t('assembly.line')}</th>
            <th scope="col">{t('assembly.offset')}</th>
            <th scope="col">{t('assembly.instruction')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((one, at) => {
            const isMarked = caret !== null && comesFrom(one, caret);
            return (
              <tr
                // Two may have one offset: what declares a function has none of its own.
                key={at}
                className={cx(one.isFirst && css.first, isMarked && css.marked)}
                {...(isMarked ? { 'data-marked': true } : {})}
              >
                <td className={css.place}>
                  {one.isFirst && (
                    <PlaceInSource file={one.path} line={one.line} source={source}>
                      {one.path.split('/').at(-1)}:{one.line}
                    </PlaceInSource>
                  )}
                </td>
                <td className={css.offset}>{one.offset.toString(16).padStart(4, '0')}</td>
                <td>
                  <code lang="en">{one.text}</code>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {shown.truncated && <p className={findings.dim}>{t('assembly.truncated')}</p>}
    </div>
  );
}
