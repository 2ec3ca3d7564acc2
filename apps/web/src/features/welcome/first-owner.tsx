import { firstOwnerSchema } from '@lineage/contracts';
import { useMemo } from 'react';
import { call, isRefusal, useRoute } from '../../shared/api/index.ts';
import { useTranslation } from '../../shared/i18n/index.ts';
import { navigate, places } from '../../shared/navigation/index.ts';
import { Notice, usePageFrame } from '../../shared/ui/index.ts';
import { AccountForm } from './account-form.tsx';
import { useFragmentToken } from './fragment-token.ts';
import css from './narrow-page.module.css';
import { ToHome } from './to-home.tsx';
import { useSignedIn } from './use-signed-in.ts';

/** The one-time link of an empty instance: makes its first owner. */
export function FirstOwner() {
  const { t } = useTranslation('app');
  usePageFrame(useMemo(() => ({ title: t('setup.title') }), [t]));
  const token = useFragmentToken();
  const instance = useRoute('getInstance');
  const signedIn = useSignedIn();
  if (instance.data?.needsOwner === false)
    return (
      <Notice level={1} title={t('setup.done')} actions={<ToHome />}>
        {t('setup.doneHint')}
      </Notice>
    );
  if (!firstOwnerSchema.shape.token.safeParse(token).success)
    return (
      <Notice level={1} title={t('setup.noToken')}>
        {t('setup.noTokenHint')}
      </Notice>
    );
  return (
    <section className={css.page}>
      <h1>{t('setup.title')}</h1>
      <p className={css.text}>{t('setup.text')}</p>
      <AccountForm
        isNew
        verb={t('setup.create')}
        onSubmit={async (fields) => {
          await call('createFirstOwner', { body: { ...fields, token } });
          await signedIn();
          navigate(places.newCohort);
        }}
      />
      <p className={css.text}>{t('setup.expired')}</p>
    </section>
  );
}

/** Whether an invitation or a link is over, as opposed to something else having failed. */
export const isOver = (error: unknown): boolean =>
  isRefusal(error, 'invitation_expired', 'gone', 'not_found');
