import type { WorkspaceId } from '@lineage/contracts';
import { useRoute } from '../../shared/api/index.ts';
import { useFormat, useTranslation } from '../../shared/i18n/index.ts';
import { Avatar, ErrorNotice, Skeleton } from '../../shared/ui/index.ts';
import css from './history.module.css';

/** Who put how much into the workspace. */
export function PeopleView({ workspaceId }: { workspaceId: WorkspaceId }) {
  const { t } = useTranslation('history');
  const { number } = useFormat();
  const { data, error, refetch } = useRoute('getAttribution', { params: { workspaceId } });
  if (data === undefined)
    return error === null ? (
      <Skeleton />
    ) : (
      <ErrorNotice level={2} error={error} onRetry={() => void refetch()} />
    );
  const columns = ['edits', 'inserted', 'deleted', 'live'] as const;
  return (
    <div className={css.people} tabIndex={0} role="region" aria-label={t('people.title')}>
      <p>{t('people.hint', { template: number(data.template) })}</p>
      <table>
        <caption className="ln-hidden">{t('people.title')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('people.person')}</th>
            {columns.map((column) => (
              <th key={column} scope="col" className={css.figure}>
                {t(`people.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {data.people.map(({ person, ...figures }) => (
            <tr key={person.id}>
              <th scope="row">
                <span className={css.person}>
                  <Avatar person={person} size="small" /> {person.name}
                </span>
              </th>
              {columns.map((column) => (
                <td key={column} className={css.figure}>
                  {number(figures[column])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
