import type { AccountId, Cohort, Group, GroupId, Member } from '@lineage/contracts';
import { useState } from 'react';
import { useTranslation } from '../../shared/i18n/index.ts';
import { SelectField } from '../../shared/ui/field.tsx';
import { announce, Avatar, Button, ErrorLine } from '../../shared/ui/index.ts';
import { changesToAssign } from './assign-group.ts';
import css from './cohort.module.css';
import { useChangeGroups } from './use-change-groups.ts';

type Moved = { accountId: AccountId; name: string; from: GroupId | null; to: GroupId | null };

/** Everybody in the cohort; whoever may, puts learners into groups here. */
export function Members({ cohort, canGroup, myId }: { cohort: Cohort; canGroup: boolean; myId: string }) {
  const { t } = useTranslation('app');
  const change = useChangeGroups(cohort);
  const [moved, setMoved] = useState<Moved | null>(null);
  const nameOf = (groupId: GroupId | null): string =>
    cohort.groups.find(({ id }) => id === groupId)?.name ?? t('cohort.noGroup');
  const assign = (member: Member, to: GroupId | null, from: GroupId | null): void => {
    const { id, name } = member.person;
    change.mutate(changesToAssign(cohort.groups, id, to));
    setMoved({ accountId: id, name, from, to });
    announce(t('cohort.moved', { name, group: nameOf(to) }));
  };
  const undo = (): void => {
    if (moved === null) return;
    change.mutate(changesToAssign(cohort.groups, moved.accountId, moved.from));
    setMoved(null);
  };
  return (
    <section className={css.section} aria-labelledby="cohort-members">
      <div className={css.sectionHead}>
        <h2 id="cohort-members">{t('cohort.members')}</h2>
        {moved !== null && (
          <span className={css.undo}>
            {t('cohort.moved', { name: moved.name, group: nameOf(moved.to) })}
            <Button look="quiet" onClick={undo}>
              {t('action.undo')}
            </Button>
          </span>
        )}
      </div>
      <ErrorLine error={change.error} />
      <table className={css.table}>
        <thead>
          <tr>
            <th scope="col">{t('cohort.name')}</th>
            <th scope="col">{t('cohort.role')}</th>
            <th scope="col">{t('cohort.group')}</th>
          </tr>
        </thead>
        <tbody>
          {cohort.members.map((member) => (
            <MemberRow
              key={member.person.id}
              member={member}
              groups={cohort.groups}
              canGroup={canGroup}
              isMe={member.person.id === myId}
              onAssign={assign}
            />
          ))}
        </tbody>
      </table>
    </section>
  );
}

type RowProps = {
  member: Member;
  groups: readonly Group[];
  canGroup: boolean;
  isMe: boolean;
  onAssign: (member: Member, to: GroupId | null, from: GroupId | null) => void;
};

function MemberRow({ member, groups, canGroup, isMe, onAssign }: RowProps) {
  const { t } = useTranslation('app');
  const { person, role } = member;
  const own = groups.find(({ memberIds }) => memberIds.includes(person.id));
  return (
    <tr>
      <td>
        <span className={css.person}>
          <Avatar person={person} size="small" /> {person.name}{' '}
          {isMe && <span className={css.dim}>{t('class.me')}</span>}
        </span>
      </td>
      <td className={css.dim}>{t(`role.${role}`)}</td>
      <td>
        {role === 'learner' && canGroup ? (
          <SelectField
            size="xs"
            aria-label={t('cohort.groupOf', { name: person.name })}
            value={own?.id ?? ''}
            data={[
              { value: '', label: t('cohort.noGroup') },
              ...groups.map(({ id, name }) => ({ value: id, label: name })),
            ]}
            onChange={(event) =>
              onAssign(
                member,
                groups.find(({ id }) => id === event.currentTarget.value)?.id ?? null,
                own?.id ?? null,
              )
            }
          />
        ) : (
          <span className={css.dim}>{own?.name ?? (role === 'learner' ? t('cohort.noGroup') : '')}</span>
        )}
      </td>
    </tr>
  );
}
