import type { Lesson } from '@lineage/contracts';
import { lazy, Suspense } from 'react';
import { useFormat, useTranslation } from '../../shared/i18n/index.ts';
import { Skeleton } from '../../shared/ui/index.ts';
import css from './lesson-view.module.css';

// The reader of Markdown is large: the page does not wait for it.
const Markdown = lazy(() =>
  import('./markdown.tsx').then(({ Markdown: component }) => ({ default: component })),
);

/** A lesson to read: text, what to predict, and what the exercise asks. */
export function LessonView({ lesson, compact = false }: { lesson: Lesson; compact?: boolean }) {
  const { t } = useTranslation('app');
  const { pick } = useFormat();
  return (
    <article className={css.lesson} data-compact={compact || undefined}>
      <header className={css.head}>
        <p className={css.number}>{t('lesson.number', { number: lesson.number })}</p>
        <h2>{pick(lesson.title)}</h2>
        <p className={css.facts}>{t('lesson.minutes', { count: lesson.minutes })}</p>
      </header>
      <Suspense fallback={<Skeleton rows={[90, 85, 92, 60]} />}>
        <Markdown className={css.text} text={pick(lesson.text)} />
      </Suspense>
      {lesson.prediction !== null && (
        <section className={css.block} aria-labelledby="lesson-predict">
          <h2 id="lesson-predict">{t('lesson.predict')}</h2>
          <p>{pick(lesson.prediction.question)}</p>
          <ol className={css.options}>
            {lesson.prediction.options.map((option) => (
              <li key={option.en}>{pick(option)}</li>
            ))}
          </ol>
          <p className={css.hint}>{t('lesson.predictHint')}</p>
        </section>
      )}
      <section className={css.block} aria-labelledby="lesson-exercise">
        <h2 id="lesson-exercise">{t('lesson.exercise', { title: pick(lesson.exercise.title) })}</h2>
        <p>
          {t('lesson.entry')} <code>{lesson.exercise.entryFile}</code>
        </p>
        {lesson.exercise.requiredTests.length > 0 && (
          <>
            <p>{t('lesson.checks', { count: lesson.exercise.requiredTests.length })}</p>
            <ul className={css.checks}>
              {lesson.exercise.requiredTests.map((name) => (
                <li key={name}>
                  <code>{name}</code>
                </li>
              ))}
            </ul>
          </>
        )}
      </section>
      {lesson.anchors.length > 0 && (
        <details className={css.anchors}>
          <summary>{t('lesson.anchors', { count: lesson.anchors.length })}</summary>
          <ul>
            {lesson.anchors.map(({ module, package: name, symbol }) => (
              <li key={`${module} ${name} ${symbol}`}>
                <code>
                  {name}.{symbol}
                </code>{' '}
                <span className={css.hint}>{module}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </article>
  );
}
