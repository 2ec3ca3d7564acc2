import type { Me } from '@lineage/contracts';
import { SunMoon } from 'lucide-react';
import { lazy, Suspense } from 'react';
import { useTranslation } from '../../shared/i18n/index.ts';
import { Avatar, IconButton } from '../../shared/ui/index.ts';
import { useReached } from '../../shared/ui/reached.ts';
import css from './account-menu.module.css';

const load = () =>
  import('./account-menu.tsx').then(({ AccountMenu: component }) => ({ default: component }));
const AccountMenu = lazy(load);

/** The button of the account's menu; signed out, of the theme alone. The menu's code comes when it is reached for. */
export function AccountButton({ me }: { me: Me | null }) {
  const { t } = useTranslation('app');
  const { wanted, handlers, button: ref } = useReached(load);
  const button =
    me === null ? (
      <IconButton ref={ref} name={t('theme.choose')} aria-haspopup="menu" {...handlers}>
        <SunMoon size={16} />
      </IconButton>
    ) : (
      <button ref={ref} type="button" className={css.me} aria-haspopup="menu" {...handlers}>
        <span className="ln-hidden">{t('account.menu', { name: me.account.name })}</span>
        <Avatar person={me.account} />
      </button>
    );
  if (!wanted) return button;
  return (
    <Suspense fallback={button}>
      <AccountMenu me={me} button={ref}>
        {button}
      </AccountMenu>
    </Suspense>
  );
}
