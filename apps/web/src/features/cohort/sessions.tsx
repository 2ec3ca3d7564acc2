import { createClassSessionSchema, type Catalog, type Cohort } from '@lineage/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { routeKey, useCommand, useRoute } from '../../shared/api/index.ts';
import { useFormat, useTranslation } from '../../shared/i18n/index.ts';
import { Link, places } from '../../shared/navigation/index.ts';
import { TextField } from '../../shared/ui/field.tsx';
import { Badge, Button, ErrorLine, Skeleton } from '../../shared/ui/index.ts';
import css from './cohort.module.css';
import { localMinute, nextHour } from './local-time.ts';

/** What is planned, was and is; whoever may, plans another. */
export function Sessions({ cohort, canPlan }: { cohort: Cohort; canPlan: boolean }) {
  const { t } = useTranslation('app');
  const { dateTime } = useFormat();
  const [planning, setPlanning] = useState(false);
  const sessions = cohort.classSessions.toSorted((a, b) => Date.parse(b.startsAt) - Date.parse(a.startsAt));
  return (
    <section className={css.section} aria-labelledby="cohort-sessions">
      <div className={css.sectionHead}>
        <h2 id="cohort-sessions">{t('cohort.sessions')}</h2>
        {canPlan && !planning && <Button onClick={() => setPlanning(true)}>{t('cohort.schedule')}</Button>}
      </div>
      {planning && <ScheduleForm cohort={cohort} onClose={() => setPlanning(false)} />}
      {sessions.length === 0 && !planning && <p className={css.dim}>{t('today.noSessions')}</p>}
      <ul className={css.rows}>
        {sessions.map((session) => (
          <li key={session.id} className={css.row}>
            <Link to={places.classSession(session.id)} className={css.title}>
              {session.title}
            </Link>
            <time className={css.dim} dateTime={session.startsAt}>
              {dateTime(session.startsAt)}
            </time>
            <Badge tone={session.state === 'live' ? 'bad' : 'plain'}>
              {t(`cohort.sessionState.${session.state}`)}
            </Badge>
          </li>
        ))}
      </ul>
    </section>
  );
}

function ScheduleForm({ cohort, onClose }: { cohort: Cohort; onClose: () => void }) {
  const { t } = useTranslation('app');
  const queryClient = useQueryClient();
  const catalog = useRoute('getCatalog');
  const schedule = useCommand('createClassSession');
  const [problem, setProblem] = useState<'title' | 'lessons' | 'startsAt' | null>(null);
  const onSubmit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const at = new Date(String(form.get('startsAt')));
    const body = createClassSessionSchema.safeParse({
      title: form.get('title'),
      startsAt: Number.isNaN(at.getTime()) ? '' : at.toISOString(),
      lessonIds: form.getAll('lesson'),
    });
    if (!body.success) {
      const field = body.error.issues[0]?.path[0];
      setProblem(field === 'title' ? 'title' : field === 'startsAt' ? 'startsAt' : 'lessons');
      return;
    }
    setProblem(null);
    schedule.mutate(
      { params: { cohortId: cohort.id }, body: body.data },
      {
        onSuccess: () => {
          void queryClient.invalidateQueries({
            queryKey: routeKey('getCohort', { params: { cohortId: cohort.id } }),
          });
          onClose();
        },
      },
    );
  };
  return (
    <form className={css.panel} onSubmit={onSubmit} noValidate>
      <TextField
        name="title"
        label={t('cohort.sessionTitle')}
        maxLength={120}
        error={problem === 'title' ? t('cohort.titleProblem') : undefined}
        autoFocus
      />
      <TextField
        name="startsAt"
        type="datetime-local"
        label={t('cohort.startsAt')}
        defaultValue={localMinute(nextHour(new Date()))}
        error={problem === 'startsAt' ? t('cohort.startsAtProblem') : undefined}
      />
      {catalog.data === undefined ? <Skeleton rows={[60, 60]} /> : <LessonChoice catalog={catalog.data} />}
      {problem === 'lessons' && (
        <p role="alert" className={css.problem}>
          {t('cohort.lessonsProblem')}
        </p>
      )}
      <ErrorLine error={schedule.error ?? catalog.error} />
      <div className={css.inline}>
        <Button type="submit" look="primary" busy={schedule.isPending}>
          {t('cohort.schedule')}
        </Button>
        <Button look="quiet" onClick={onClose}>
          {t('action.cancel')}
        </Button>
      </div>
    </form>
  );
}

function LessonChoice({ catalog }: { catalog: Catalog }) {
  const { t } = useTranslation('app');
  const { pick } = useFormat();
  return (
    <fieldset className={css.lessons}>
      <legend>{t('cohort.lessons')}</legend>
      {catalog.chapters.map((chapter) => (
        <div key={chapter.number}>
          <p className={css.dim}>{pick(chapter.title)}</p>
          {chapter.lessons.map((lesson) => (
            <label key={lesson.id} className={css.check}>
              <input type="checkbox" name="lesson" value={lesson.id} />
              <span>
                {lesson.number} {pick(lesson.title)}
              </span>
              <span className={css.dim}>{t('class.minutesShort', { count: lesson.minutes })}</span>
            </label>
          ))}
        </div>
      ))}
    </fieldset>
  );
}
