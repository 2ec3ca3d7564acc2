import type { Me } from '@lineage/contracts';
import type { ReactNode } from 'react';
import { useMe, useRoute } from '../../shared/api/index.ts';
import { useTranslation } from '../../shared/i18n/index.ts';
import { Link, places, useNavigation, withSearch } from '../../shared/navigation/index.ts';
import { buttonClass, ErrorNotice, Notice, Skeleton } from '../../shared/ui/index.ts';

/** Shows its content to those who are signed in, and the way in to the others. */
export function SignedIn({ children }: { children: (me: Me) => ReactNode }) {
  const { t } = useTranslation('app');
  const me = useMe();
  const { error, refetch } = useRoute('getMe');
  const { pathname, search } = useNavigation().place;
  if (me === null) {
    return (
      <Notice
        level={1}
        title={t('signIn.title')}
        actions={
          <Link
            to={withSearch(places.home, '', { next: `${pathname}${search}` })}
            className={buttonClass('primary')}
          >
            {t('welcome.signIn')}
          </Link>
        }
      >
        <p>{t('signIn.body')}</p>
      </Notice>
    );
  }
  if (me !== undefined) return children(me);
  return error === null ? <Skeleton /> : <ErrorNotice error={error} onRetry={() => void refetch()} />;
}
