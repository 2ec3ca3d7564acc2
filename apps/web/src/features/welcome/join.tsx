import { invitationTokenSchema, type Me } from '@lineage/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import { call, routeQuery, signIn, signOut, signUp, useMe } from '../../shared/api/index.ts';
import { useTranslation } from '../../shared/i18n/index.ts';
import { navigate, places } from '../../shared/navigation/index.ts';
import { Button, ErrorLine, ErrorNotice, Notice, Skeleton, usePageFrame } from '../../shared/ui/index.ts';
import { AccountForm, type AccountFields } from './account-form.tsx';
import { isOver } from './first-owner.tsx';
import { useFragmentToken } from './fragment-token.ts';
import css from './narrow-page.module.css';
import { ToHome } from './to-home.tsx';
import { useSignedIn } from './use-signed-in.ts';

/** An invitation link: what it is to, then in with a new account or one's own, then straight to the class. */
export function Join() {
  const { t } = useTranslation('app');
  usePageFrame(useMemo(() => ({ title: t('join.title') }), [t]));
  const token = useFragmentToken();
  const me = useMe();
  const wellFormed = invitationTokenSchema.safeParse({ token }).success;
  const preview = useQuery({
    queryKey: ['previewInvitation', token],
    queryFn: () => call('previewInvitation', { body: { token } }),
    enabled: wellFormed,
    retry: false,
  });
  if (!wellFormed || isOver(preview.error))
    return (
      <Notice level={1} title={t('join.over')} actions={<ToHome />}>
        {t('join.overHint')}
      </Notice>
    );
  if (preview.error !== null)
    return <ErrorNotice error={preview.error} onRetry={() => void preview.refetch()} />;
  if (preview.data === undefined || me === undefined) {
    return (
      <section className={css.page}>
        <Skeleton />
      </section>
    );
  }
  const { cohortTitle, role, groupName } = preview.data;
  return (
    <section className={css.page}>
      <h1>{t('join.title')}</h1>
      <div className={css.facts}>
        <strong>{cohortTitle}</strong>
        <span className={css.text}>
          {t('join.as', { role: t(`role.${role}`) })}
          {groupName !== null && ` · ${groupName}`}
        </span>
      </div>
      {me === null ? <JoinSignedOut token={token} /> : <JoinSignedIn token={token} me={me} />}
    </section>
  );
}

/** Accepts, then goes to the cohort's live class if there is one, else to the cohort. */
function useAccept(token: string): () => Promise<void> {
  const queryClient = useQueryClient();
  return useCallback(async () => {
    const { cohortId } = await call('acceptInvitation', { body: { token } });
    await queryClient.refetchQueries({ queryKey: ['getMe'] });
    const cohort = await queryClient.fetchQuery(routeQuery('getCohort', { params: { cohortId } }));
    const live = cohort.classSessions.find(({ state }) => state === 'live');
    if (live === undefined) navigate(places.cohort(cohortId), { replace: true });
    else navigate(places.classSession(live.id), { replace: true });
  }, [queryClient, token]);
}

function JoinSignedIn({ token, me }: { token: string; me: Me }) {
  const { t } = useTranslation('app');
  const accept = useMutation({ mutationFn: useAccept(token), networkMode: 'always' });
  const signedIn = useSignedIn();
  return (
    <>
      <div>
        <Button look="primary" size="large" busy={accept.isPending} onClick={() => accept.mutate()}>
          {t('join.acceptAs', { name: me.account.name })}
        </Button>
      </div>
      <ErrorLine error={accept.error} />
      <div>
        <Button look="quiet" onClick={() => void signOut().then(signedIn)}>
          {t('join.notMe', { name: me.account.name })}
        </Button>
      </div>
    </>
  );
}

function JoinSignedOut({ token }: { token: string }) {
  const { t } = useTranslation('app');
  const [isNew, setIsNew] = useState(true);
  const accept = useAccept(token);
  const signedIn = useSignedIn();
  const onSubmit = async (fields: AccountFields): Promise<void> => {
    if (isNew) await signUp(fields);
    else await signIn({ email: fields.email, password: fields.password });
    try {
      // The invitation first: signing in shows another page than this form.
      await accept();
    } finally {
      await signedIn();
    }
  };
  return (
    <AccountForm
      key={isNew ? 'new' : 'own'}
      isNew={isNew}
      verb={isNew ? t('join.signUp') : t('join.signIn')}
      onSubmit={onSubmit}
      footer={
        <Button look="quiet" onClick={() => setIsNew(!isNew)}>
          {isNew ? t('join.haveAccount') : t('join.newAccount')}
        </Button>
      }
    />
  );
}
