import { runIdSchema, type ComparableRun, type WorkspaceId } from '@lineage/contracts';
import { useRoute } from '../../../shared/api/index.ts';
import { useFormat, useTranslation } from '../../../shared/i18n/index.ts';
import { SelectField } from '../../../shared/ui/field.tsx';
import type { RunOptions } from './run-options.ts';

type Props = {
  workspaceId: WorkspaceId;
  compareWith: RunOptions['compareWith'];
  onChange: (compareWith: RunOptions['compareWith']) => void;
};

/** With whose benchmarks to compare: those before, any earlier run, or what another group measured. */
export function CompareField({ workspaceId, compareWith, onChange }: Props) {
  const { t } = useTranslation('runOptions');
  const { dateTime } = useFormat();
  const { data } = useRoute('listComparableRuns', { params: { workspaceId } });
  const runs = data?.runs ?? [];
  const nameOf = ({ groupName, isOwn, startedBy, createdAt, noisy }: ComparableRun): string => {
    const values = { group: groupName, name: startedBy.name, time: dateTime(createdAt) };
    const name = t(isOwn ? 'compare.own' : 'compare.other', values);
    return noisy === true ? t('compare.noisy', { run: name }) : name;
  };
  return (
    <SelectField
      label={t('compare.with')}
      data={[
        { value: 'previous', label: t('compare.previous') },
        { value: '', label: t('compare.nothing') },
        ...runs.map((run) => ({ value: run.id as string, label: nameOf(run) })),
      ]}
      value={compareWith ?? ''}
      onChange={({ currentTarget: { value } }) => {
        if (value === 'previous') onChange('previous');
        else onChange(runIdSchema.safeParse(value).data ?? null);
      }}
    />
  );
}
