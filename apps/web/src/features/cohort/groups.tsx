import {
  createGroupSchema,
  type Cohort,
  type CohortId,
  type ExerciseId,
  type Group,
} from '@lineage/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { routeKey, useCommand, useMe, useRoute } from '../../shared/api/index.ts';
import { useFormat, useTranslation } from '../../shared/i18n/index.ts';
import { navigate, places } from '../../shared/navigation/index.ts';
import { SelectField, TextField } from '../../shared/ui/field.tsx';
import { Avatar, Button, ErrorLine } from '../../shared/ui/index.ts';
import css from './cohort.module.css';

/** The groups with their people; each opens any exercise of the catalog. */
export function Groups({ cohort, canGroup }: { cohort: Cohort; canGroup: boolean }) {
  const { t } = useTranslation('app');
  const me = useMe();
  const membership = me?.memberships.find(({ cohortId }) => cohortId === cohort.id);
  return (
    <section className={css.section} aria-labelledby="cohort-groups">
      <h2 id="cohort-groups">{t('cohort.groups')}</h2>
      {cohort.groups.length === 0 && (
        <p className={css.dim}>{canGroup ? t('cohort.noGroupsLead') : t('cohort.noGroups')}</p>
      )}
      <ul className={css.cards}>
        {cohort.groups.map((group) => (
          <li key={group.id} className={css.card}>
            <div className={css.sectionHead}>
              <h3>{group.name}</h3>
              <span className={css.faces}>
                {cohort.members
                  .filter(({ person }) => group.memberIds.includes(person.id))
                  .map(({ person }) => (
                    <Avatar key={person.id} person={person} size="small" />
                  ))}
                {group.memberIds.length === 0 && <span className={css.dim}>{t('cohort.emptyGroup')}</span>}
              </span>
            </div>
            {(membership?.role === 'instructor' || membership?.groupIds.includes(group.id) === true) && (
              <OpenExercise group={group} />
            )}
          </li>
        ))}
      </ul>
      {canGroup && <NewGroup cohortId={cohort.id} count={cohort.groups.length} />}
    </section>
  );
}

function OpenExercise({ group }: { group: Group }) {
  const { t } = useTranslation('app');
  const { pick } = useFormat();
  const queryClient = useQueryClient();
  const catalog = useRoute('getCatalog');
  const open = useCommand('openWorkspace');
  const lessons = catalog.data?.chapters.flatMap((chapter) => chapter.lessons) ?? [];
  const [chosen, setChosen] = useState<string | null>(null);
  const exerciseId: ExerciseId | undefined =
    lessons.find((lesson) => lesson.exerciseId === chosen)?.exerciseId ?? lessons[0]?.exerciseId;
  const onOpen = (): void => {
    if (exerciseId === undefined) return;
    open.mutate(
      { body: { groupId: group.id, exerciseId } },
      {
        onSuccess: (workspace) => {
          const params = { workspaceId: workspace.id };
          queryClient.setQueryData(routeKey('getWorkspace', { params }), workspace);
          navigate(places.workspace(workspace.id));
        },
      },
    );
  };
  return (
    <>
      <div className={css.inline}>
        <SelectField
          size="xs"
          aria-label={t('cohort.exerciseOf', { group: group.name })}
          value={exerciseId ?? ''}
          data={lessons.map((lesson) => ({
            value: lesson.exerciseId,
            label: `${lesson.number} ${pick(lesson.title)}`,
          }))}
          onChange={(event) => setChosen(event.currentTarget.value)}
        />
        <Button onClick={onOpen} busy={open.isPending} disabled={exerciseId === undefined}>
          {t('cohort.open')}
        </Button>
      </div>
      <ErrorLine error={open.error ?? catalog.error} />
    </>
  );
}

function NewGroup({ cohortId, count }: { cohortId: CohortId; count: number }) {
  const { t } = useTranslation('app');
  const queryClient = useQueryClient();
  const create = useCommand('createGroup');
  const [problem, setProblem] = useState(false);
  const onSubmit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = event.currentTarget;
    const body = createGroupSchema.safeParse({ name: new FormData(form).get('name') });
    setProblem(!body.success);
    if (!body.success) return;
    create.mutate(
      { params: { cohortId }, body: body.data },
      {
        onSuccess: () => {
          form.reset();
          void queryClient.invalidateQueries({ queryKey: routeKey('getCohort', { params: { cohortId } }) });
        },
      },
    );
  };
  return (
    <form className={css.inline} onSubmit={onSubmit} noValidate>
      <TextField
        name="name"
        size="xs"
        aria-label={t('cohort.newGroupName')}
        placeholder={t('cohort.newGroupExample', { number: count + 1 })}
        maxLength={60}
        error={problem ? t('cohort.groupProblem') : undefined}
      />
      <Button type="submit" busy={create.isPending}>
        {t('cohort.newGroup')}
      </Button>
      <ErrorLine error={create.error} />
    </form>
  );
}
