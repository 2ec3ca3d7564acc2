import { createCohortSchema } from '@lineage/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { routeKey, useCommand } from '../../shared/api/index.ts';
import { useTranslation } from '../../shared/i18n/index.ts';
import { navigate, places } from '../../shared/navigation/index.ts';
import { TextField } from '../../shared/ui/field.tsx';
import { Button, ErrorLine } from '../../shared/ui/index.ts';
import css from './cohort.module.css';
import { localDate } from './local-time.ts';

/** A new cohort; its page follows. */
export function NewCohort() {
  const { t } = useTranslation('app');
  const queryClient = useQueryClient();
  const create = useCommand('createCohort');
  const [problem, setProblem] = useState(false);
  const onSubmit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const body = createCohortSchema.safeParse({ title: form.get('title'), startsOn: form.get('startsOn') });
    setProblem(!body.success);
    if (!body.success) return;
    create.mutate(
      { body: body.data },
      {
        onSuccess: (cohort) => {
          queryClient.setQueryData(routeKey('getCohort', { params: { cohortId: cohort.id } }), cohort);
          void queryClient.invalidateQueries({ queryKey: ['listCohorts'] });
          void queryClient.invalidateQueries({ queryKey: ['getMe'] });
          navigate(places.cohort(cohort.id));
        },
      },
    );
  };
  return (
    <form className={css.form} onSubmit={onSubmit} noValidate>
      <h1>{t('cohort.new')}</h1>
      <TextField
        name="title"
        label={t('cohort.title')}
        maxLength={120}
        error={problem ? t('cohort.titleProblem') : undefined}
        autoFocus
      />
      <TextField
        name="startsOn"
        type="date"
        label={t('cohort.startsOn')}
        defaultValue={localDate(new Date())}
      />
      <ErrorLine error={create.error} />
      <div>
        <Button type="submit" look="primary" busy={create.isPending}>
          {t('cohort.create')}
        </Button>
      </div>
    </form>
  );
}
