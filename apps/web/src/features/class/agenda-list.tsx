import type { ClassState } from '@lineage/contracts';
import { BookOpen, FlaskConical, Gauge, HelpCircle, MessagesSquare } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useFormat, useTranslation } from '../../shared/i18n/index.ts';
import { cx } from '../../shared/ui/index.ts';
import { currentItem, type AgendaItem } from './agenda.ts';
import css from './agenda-list.module.css';

const icons = {
  read: BookOpen,
  predict: HelpCircle,
  exercise: FlaskConical,
  measure: Gauge,
  discuss: MessagesSquare,
};

type Props = {
  agenda: readonly AgendaItem[];
  state: ClassState;
  /** The item looked at, when it is not the class's. */
  shown: AgendaItem | undefined;
  onPick: (item: AgendaItem) => void;
};

/** The steps of the class; the current one is marked, and glows once when it changes. */
export function AgendaList({ agenda, state, shown, onPick }: Props) {
  const { t } = useTranslation('app');
  const { pick } = useFormat();
  const now = currentItem(agenda, state);
  const currentRef = useRef<HTMLLIElement>(null);
  useEffect(() => {
    const pane = currentRef.current?.closest('aside');
    // On a phone the agenda is part of the page, which must not jump to it.
    if (pane != null && getComputedStyle(pane).overflowY === 'auto')
      currentRef.current?.scrollIntoView({ block: 'nearest' });
  }, [now?.index]);
  return (
    <ol className={css.list} aria-label={t('class.agenda')}>
      {agenda.map((item) => {
        const { lesson, step, index } = item;
        const Icon = icons[step.kind];
        const isNow = item === now;
        const firstOfLesson = index === 0 || agenda[index - 1]?.lesson.id !== lesson.id;
        return (
          <li key={`${lesson.id}/${step.id}`} ref={isNow ? currentRef : null}>
            {firstOfLesson && (
              <p className={css.lesson}>
                {lesson.number} · {pick(lesson.title)}
              </p>
            )}
            <button
              key={isNow ? `now-${state.seq}` : 'step'}
              type="button"
              className={cx(
                css.step,
                isNow && css.now,
                item === shown && css.shown,
                now !== undefined && index < now.index && css.done,
              )}
              aria-current={isNow ? 'step' : undefined}
              aria-pressed={item === shown}
              onClick={() => onPick(item)}
            >
              <span className={css.number}>{index + 1}</span>
              <Icon size={14} aria-hidden="true" />
              <span className={css.title}>
                {pick(step.title)}
                <span className="ln-hidden"> {t(`class.kind.${step.kind}`)}</span>
              </span>
              <span className={css.minutes}>{t('class.minutesShort', { count: step.minutes })}</span>
            </button>
          </li>
        );
      })}
    </ol>
  );
}
