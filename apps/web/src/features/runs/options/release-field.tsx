import type { WorkspaceId } from '@lineage/contracts';
import { useRoute } from '../../../shared/api/index.ts';
import { useTranslation } from '../../../shared/i18n/index.ts';
import { SelectField } from '../../../shared/ui/field.tsx';

type Props = {
  workspaceId: WorkspaceId;
  goVersion: string | null;
  onChange: (goVersion: string | null) => void;
};

/** Which release to build with, where the runner has more than one. */
export function ReleaseField({ workspaceId, goVersion, onChange }: Props) {
  const { t } = useTranslation('runOptions');
  const { data } = useRoute('listGoVersions', { params: { workspaceId } });
  const [usual = '', ...others] = data?.versions ?? [];
  if (others.length === 0) return null;
  return (
    <SelectField
      label={t('release')}
      description={goVersion === null ? undefined : t('releaseHint')}
      data={[{ value: '', label: usual }, ...others.map((version) => ({ value: version, label: version }))]}
      value={goVersion ?? ''}
      onChange={({ currentTarget: { value } }) => onChange(others.find((one) => one === value) ?? null)}
    />
  );
}
