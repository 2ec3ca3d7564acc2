import type { Me } from '@lineage/contracts';
import { Search } from 'lucide-react';
import { chooseLocale, useTranslation } from '../../shared/i18n/index.ts';
import { Link, places } from '../../shared/navigation/index.ts';
import { Avatars, clock, Keys, useCurrentFrame, useNow } from '../../shared/ui/index.ts';
import { AccountButton } from './account-button.tsx';
import { Mark } from './mark.tsx';
import css from './top-bar.module.css';

/** Where one is, whether it is live and saved, who is here, and who one is. */
export function TopBar({ me, onPalette }: { me: Me | null; onPalette: () => void }) {
  const { t, locale } = useTranslation('app');
  const frame = useCurrentFrame();
  const other = locale === 'zh-CN' ? 'en' : 'zh-CN';
  return (
    <header className={css.bar}>
      <Link to={places.home} className={css.home} aria-label={t('nav.home')}>
        <Mark />
        <span className={css.word}>Lineage</span>
      </Link>
      <Crumbs />
      {frame.liveSince !== null && frame.liveSince !== undefined && <LiveClock since={frame.liveSince} />}
      {frame.step !== null && frame.step !== undefined && (
        <span className={css.step}>
          <span className={css.stepNumber}>
            {t('frame.step', { number: frame.step.number, total: frame.step.total })}
          </span>{' '}
          {frame.step.title}
        </span>
      )}
      <span className={css.space} />
      {frame.status}
      {frame.people !== undefined && frame.people.length > 0 && (
        <span className={css.people}>
          <Avatars people={frame.people} most={4} />
        </span>
      )}
      {me !== null && (
        <button type="button" className={css.search} onClick={onPalette} title={t('command.palette')}>
          <Search size={14} aria-hidden="true" />
          <span className="ln-hidden">{t('command.palette')}</span>
          <Keys keys="mod+k" />
        </button>
      )}
      <button
        type="button"
        className={css.language}
        lang={other}
        onClick={() => void chooseLocale(other)}
        title={t('command.language')}
      >
        <span aria-hidden="true" lang={other}>
          {other === 'en' ? 'En' : '文'}
        </span>
        <span className="ln-hidden">{other === 'en' ? 'English' : '中文'}</span>
      </button>
      <AccountButton me={me} />
    </header>
  );
}

function Crumbs() {
  const { t } = useTranslation('app');
  const { crumbs, title } = useCurrentFrame();
  if (title === '') return null;
  return (
    <nav className={css.crumbs} aria-label={t('frame.crumbs')}>
      {crumbs?.map(({ label, href }) => (
        <span key={href} className={css.crumb}>
          <Link to={href}>{label}</Link>
          <span aria-hidden="true" className={css.mark}>
            ▸
          </span>
        </span>
      ))}
      <span className={css.here} aria-current="page">
        {title}
      </span>
    </nav>
  );
}

function LiveClock({ since }: { since: string }) {
  const { t } = useTranslation('app');
  const now = useNow(1000);
  return (
    <span className={css.live}>
      <span className={css.dot} aria-hidden="true" />
      {t('frame.live')}
      <span className="ln-figures" aria-hidden="true">
        {clock((now - Date.parse(since)) / 1000)}
      </span>
    </span>
  );
}
