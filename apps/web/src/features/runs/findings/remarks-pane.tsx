import type { Remark } from '@lineage/contracts';
import { useMemo, useState } from 'react';
import { useFormat, useTranslation } from '../../../shared/i18n/index.ts';
import { Button } from '../../../shared/ui/index.ts';
import { Pills } from '../../../shared/ui/pills.tsx';
import type { Source } from '../output-line.tsx';
import { PlaceInSource } from '../place-in-source.tsx';
import css from './findings.module.css';
import {
  countTopics,
  filterRemarks,
  remarkFilterOf,
  remarkTopics,
  type RemarkFilter,
} from './remark-groups.ts';
import { onStackKeys } from './stack-list.tsx';

/** A screen has 40 rows; more are drawn when they are asked for. */
const ROWS = 300;

type Props = {
  remarks: readonly Remark[];
  filter: RemarkFilter;
  onFilter: (filter: RemarkFilter) => void;
  source: Source;
};

/** What the compiler decided, line by line: what escapes to the heap, what is inlined, which bounds it checks. */
export function RemarksPane({ remarks, filter, onFilter, source }: Props) {
  const { t } = useTranslation('findings');
  const { number } = useFormat();
  const [rows, setRows] = useState(ROWS);
  const counts = useMemo(() => countTopics(remarks), [remarks]);
  const shown = useMemo(() => filterRemarks(remarks, filter), [remarks, filter]);
  const named = (id: RemarkFilter, count: number) => ({ id, name: `${t(`topic.${id}`)} ${number(count)}` });
  return (
    <div className={css.withTools}>
      <div className={css.tools}>
        <Pills
          label={t('topics')}
          items={[
            ...remarkTopics
              .filter((topic) => counts.has(topic) || topic === filter)
              .map((topic) => named(topic, counts.get(topic) ?? 0)),
            named('all', remarks.length),
          ]}
          chosen={filter}
          onChoose={(id) => {
            onFilter(remarkFilterOf(id));
            setRows(ROWS);
          }}
        />
      </div>
      <div className={css.pane} role="region" tabIndex={0} aria-label={t('remarks')} onKeyDown={onStackKeys}>
        {shown.length === 0 && <p className={css.dim}>{t('noRemarks')}</p>}
        <ul className={css.remarks}>
          {shown.slice(0, rows).map((remark, at) => (
            <RemarkRow key={at} remark={remark} source={source} />
          ))}
        </ul>
        {shown.length > rows && (
          <Button onClick={() => setRows((few) => few + ROWS)}>
            {t('moreRemarks', { count: shown.length - rows })}
          </Button>
        )}
      </div>
    </div>
  );
}

function RemarkRow({
  remark: { path, line, column, kind, message, flow },
  source,
}: {
  remark: Remark;
  source: Source;
}) {
  const { t } = useTranslation('findings');
  const place = (
    <PlaceInSource file={path} line={line} source={source}>
      {path}:{line}:{column}
    </PlaceInSource>
  );
  const words = (
    <>
      <span className={css.kind} data-kind={kind}>
        {t(`remark.${kind}`)}
      </span>{' '}
      {kind !== 'bounds_check' && (
        <code className={css.message} lang="en">
          {message}
        </code>
      )}
    </>
  );
  return (
    <li className={css.remark}>
      <span className={css.at}>{place}</span>
      {flow.length === 0 ? (
        <span>{words}</span>
      ) : (
        <details className={css.flow}>
          <summary>
            {words} <span className={css.why}>{t('why')}</span>
          </summary>
          <ol lang="en">
            {flow.map((step, at) => (
              <li key={at}>
                <code>{step}</code>
              </li>
            ))}
          </ol>
        </details>
      )}
    </li>
  );
}
