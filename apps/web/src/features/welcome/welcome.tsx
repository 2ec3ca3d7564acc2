import { useMemo } from 'react';
import { signIn, useRoute } from '../../shared/api/index.ts';
import { useTranslation } from '../../shared/i18n/index.ts';
import { ErrorLine, Skeleton, usePageFrame } from '../../shared/ui/index.ts';
import { AccountForm } from './account-form.tsx';
import { ClassPicture } from './class-picture.tsx';
import { Personas } from './personas.tsx';
import { useSignedIn } from './use-signed-in.ts';
import css from './welcome.module.css';

/** What a signed-out visitor sees: what this is, and how to get in. */
export function Welcome() {
  const { t } = useTranslation('app');
  usePageFrame(useMemo(() => ({ title: '' }), []));
  const instance = useRoute('getInstance');
  const signedIn = useSignedIn();
  return (
    <div className={css.page}>
      <div className={css.words}>
        <h1 className={css.claim}>{t('welcome.claim')}</h1>
        <p className={css.text}>{t('welcome.text')}</p>
        {instance.isPending && <Skeleton rows={[60, 60, 60]} />}
        <ErrorLine error={instance.error} />
        {instance.data?.needsOwner === true && <p className={css.owner}>{t('welcome.needsOwner')}</p>}
        {instance.data?.demo === true && <Personas />}
        {instance.data !== undefined && !instance.data.needsOwner && (
          <SignIn
            demo={instance.data.demo}
            onSubmit={async (fields) => {
              await signIn({ email: fields.email, password: fields.password });
              await signedIn();
            }}
          />
        )}
      </div>
      <figure className={css.picture}>
        <ClassPicture label={t('welcome.picture')} />
        <figcaption className={css.caption}>{t('welcome.caption')}</figcaption>
      </figure>
    </div>
  );
}

/** In a demo the doors come first, and the form is one click away. */
function SignIn({
  demo,
  onSubmit,
}: {
  demo: boolean;
  onSubmit: (fields: { email: string; password: string }) => Promise<void>;
}) {
  const { t } = useTranslation('app');
  const form = <AccountForm isNew={false} verb={t('welcome.signIn')} onSubmit={onSubmit} />;
  if (demo) {
    return (
      <details className={css.details}>
        <summary>{t('welcome.withPassword')}</summary>
        {form}
      </details>
    );
  }
  return (
    <section className={css.signIn}>
      <h2>{t('welcome.signIn')}</h2>
      {form}
      <p className={css.hint}>{t('welcome.byInvitation')}</p>
    </section>
  );
}
