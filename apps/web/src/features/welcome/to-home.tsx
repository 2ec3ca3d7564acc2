import { useMe } from '../../shared/api/index.ts';
import { useTranslation } from '../../shared/i18n/index.ts';
import { Link, places } from '../../shared/navigation/index.ts';
import { buttonClass } from '../../shared/ui/index.ts';

/** The way on from a link that leads nowhere: Today for who is signed in, the sign-in for everybody else. */
export function ToHome() {
  const { t } = useTranslation('app');
  const me = useMe();
  return (
    <Link to={places.home} className={buttonClass('primary')}>
      {t(me === null ? 'welcome.signIn' : 'missing.home')}
    </Link>
  );
}
