import { cohortRoles, groupIdSchema, type Cohort, type CohortRole } from '@lineage/contracts';
import { useState } from 'react';
import { useCommand } from '../../shared/api/index.ts';
import { useFormat, useTranslation } from '../../shared/i18n/index.ts';
import { SelectField, TextField } from '../../shared/ui/field.tsx';
import { Button, ErrorLine } from '../../shared/ui/index.ts';
import css from './cohort.module.css';

/** Makes an invitation link. It is shown once: the server keeps only its hash. */
export function Invitations({ cohort }: { cohort: Cohort }) {
  const { t } = useTranslation('app');
  const { dateTime } = useFormat();
  const invite = useCommand('createInvitation');
  const [role, setRole] = useState<CohortRole>('learner');
  const [groupId, setGroupId] = useState('');
  const [copied, setCopied] = useState(false);
  const onInvite = (): void => {
    setCopied(false);
    const group = groupIdSchema.safeParse(groupId);
    invite.mutate({
      params: { cohortId: cohort.id },
      body: { role, groupId: role === 'learner' && group.success ? group.data : null },
    });
  };
  const onCopy = (url: string): void => {
    navigator.clipboard.writeText(url).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  };
  const link = invite.data;
  return (
    <section className={css.section} aria-labelledby="cohort-invite">
      <h2 id="cohort-invite">{t('cohort.invite')}</h2>
      <div className={css.inline}>
        <SelectField
          size="xs"
          aria-label={t('cohort.role')}
          value={role}
          data={cohortRoles.map((value) => ({ value, label: t(`role.${value}`) }))}
          onChange={(event) =>
            setRole(cohortRoles.find((known) => known === event.currentTarget.value) ?? 'learner')
          }
        />
        {role === 'learner' && (
          <SelectField
            size="xs"
            aria-label={t('cohort.group')}
            value={groupId}
            data={[
              { value: '', label: t('cohort.noGroup') },
              ...cohort.groups.map(({ id, name }) => ({ value: id, label: name })),
            ]}
            onChange={(event) => setGroupId(event.currentTarget.value)}
          />
        )}
        <Button onClick={onInvite} busy={invite.isPending}>
          {t('cohort.makeLink')}
        </Button>
      </div>
      <ErrorLine error={invite.error} />
      {link !== undefined && (
        <div className={css.link}>
          <TextField
            size="xs"
            readOnly
            value={absolute(link.url)}
            aria-label={t('cohort.link')}
            onFocus={(event) => event.currentTarget.select()}
          />
          <Button look="primary" onClick={() => onCopy(absolute(link.url))}>
            {copied ? t('state.copied') : t('action.copy')}
          </Button>
          <p className={css.dim}>
            {t('cohort.linkHint', { role: t(`role.${link.role}`), at: dateTime(link.expiresAt) })}
          </p>
        </div>
      )}
    </section>
  );
}

/** The server may give a path when it does not know its public address. */
const absolute = (url: string): string => new URL(url, location.origin).href;
