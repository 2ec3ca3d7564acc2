import type { FuzzFailure, FuzzProgress } from '@lineage/contracts';
import { FilePlus } from 'lucide-react';
import { useState } from 'react';
import { useFormat, useTranslation } from '../../../shared/i18n/index.ts';
import { Button } from '../../../shared/ui/index.ts';
import type { RunFold } from '../fold-run.ts';
import type { Source } from '../output-line.tsx';
import { PlaceInSource } from '../place-in-source.tsx';
import { useDuration } from '../use-duration.ts';
import css from './fuzz-pane.module.css';

type Props = { fold: Pick<RunFold, 'fuzz' | 'fuzzFailures' | 'end'>; source: Source };

/** How far fuzzing is, and the inputs with which the target fails. */
export function FuzzPane({ fold: { fuzz, fuzzFailures, end }, source }: Props) {
  const { t } = useTranslation('fuzz');
  return (
    <div className={css.pane} role="region" tabIndex={0} aria-label={t('region')}>
      {fuzz === null ? end === null && <p>{t('begins')}</p> : <Progress progress={fuzz} />}
      {end?.verdict === 'passed' && <p>{t('clean')}</p>}
      {fuzzFailures.map((failure) => (
        <Failure key={failure.path} failure={failure} source={source} />
      ))}
    </div>
  );
}

function Progress({ progress: { elapsedMs, executions, interesting, workers } }: { progress: FuzzProgress }) {
  const { t } = useTranslation('fuzz');
  const { number } = useFormat();
  const duration = useDuration();
  const pace = elapsedMs > 0 ? Math.round((executions * 1000) / elapsedMs) : 0;
  const facts = [
    [t('elapsed'), duration(elapsedMs)],
    [t('executions'), `${number(executions)} (${t('perSecond', { n: number(pace) })})`],
    [t('interesting'), number(interesting)],
    [t('workers'), number(workers)],
  ] as const;
  return (
    <dl className={css.facts}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Failure({ failure, source }: { failure: FuzzFailure; source: Source }) {
  const { t } = useTranslation('fuzz');
  const { number } = useFormat();
  const [isRefused, setRefused] = useState(false);
  const { target, path, content, sizeBytes } = failure;
  return (
    <article className={css.failure}>
      <h3>{t('failure', { target })}</h3>
      {content === null ? (
        <p>{t('tooLong', { count: number(sizeBytes) })}</p>
      ) : (
        <pre className={css.input} lang="en" tabIndex={0} aria-label={path}>
          {content}
        </pre>
      )}
      <div className={css.actions}>
        {source.has(path) ? (
          <>
            <span>{t('added')}</span>
            <PlaceInSource file={path} line={1} source={source}>
              {t('open')}
            </PlaceInSource>
          </>
        ) : (
          <>
            {content !== null && (
              <Button
                icon={<FilePlus aria-hidden="true" />}
                onClick={() =>
                  void source
                    .add(path, content, t('addedWords'))
                    .then((done) => setRefused(!done), reportError)
                }
              >
                {t('add')}
              </Button>
            )}
            <code className={css.path}>{path}</code>
          </>
        )}
      </div>
      {isRefused && !source.has(path) && <p role="alert">{t('cannotAdd')}</p>}
    </article>
  );
}
