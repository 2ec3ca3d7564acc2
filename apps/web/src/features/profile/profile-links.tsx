import type { ArtifactId } from '@lineage/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { routeKey, useCommand, useRoute } from '../../shared/api/index.ts';
import { useFormat, useTranslation } from '../../shared/i18n/index.ts';
import { TextField } from '../../shared/ui/field.tsx';
import { Button, ErrorLine } from '../../shared/ui/index.ts';
import css from './profile-links.module.css';

type Props = {
  artifactId: ArtifactId;
  /** With the link that was made here last; its address is told once. */
  command: string | null;
};

/** The links that open a profile without a login, each of which can be closed. */
export function ProfileLinks({ artifactId, command }: Props) {
  const { t } = useTranslation('profile');
  const { dateTime } = useFormat();
  const queryClient = useQueryClient();
  const params = { artifactId };
  const { data, error } = useRoute('listArtifactLinks', { params });
  const links = data?.links;
  const close = useCommand('revokeArtifactLink');
  const refresh = () =>
    queryClient.invalidateQueries({ queryKey: routeKey('listArtifactLinks', { params }) });
  return (
    <>
      {command !== null && (
        <TextField
          label={t('links.command')}
          className={css.command}
          value={command}
          readOnly
          onFocus={({ target }) => target.select()}
        />
      )}
      <p>{t('links.what')}</p>
      {links?.length === 0 && <p role="status">{t('links.none')}</p>}
      {links !== undefined && links.length > 0 && (
        <ul className={css.list} aria-label={t('links.title')}>
          {links.map(({ id, createdBy, expiresAt }) => (
            <li key={id}>
              <span>{t('links.one', { name: createdBy.name, until: dateTime(expiresAt) })}</span>
              <Button
                look="plain"
                busy={close.isPending && close.variables.params.linkId === id}
                // One that somebody else has closed meanwhile goes from the list all the same.
                onClick={() =>
                  close.mutate({ params: { artifactId, linkId: id } }, { onSettled: () => void refresh() })
                }
              >
                {t('links.close')}
              </Button>
            </li>
          ))}
        </ul>
      )}
      <ErrorLine error={error ?? close.error} />
    </>
  );
}
