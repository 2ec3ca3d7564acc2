import { Link, type ErrorComponentProps } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { buttonClass, ErrorNotice, Notice, Skeleton, usePageFrame } from '../../shared/ui/index.ts';
import css from './page.module.css';

/** While a page's code is on its way. */
export function PagePending() {
  return (
    <div className={css.page}>
      <Skeleton />
    </div>
  );
}

/** An address that leads nowhere. */
export function PageMissing() {
  const { t } = useTranslation('app');
  usePageFrame(useMemo(() => ({ title: t('missing.title') }), [t]));
  return (
    <Notice
      level={1}
      title={t('missing.title')}
      actions={
        <Link to="/" className={buttonClass('primary')}>
          {t('missing.home')}
        </Link>
      }
    >
      <p>{t('missing.body')}</p>
    </Notice>
  );
}

/** A page that broke. The frame around it stands, and so does what was saved. */
export function PageError({ error, reset }: ErrorComponentProps) {
  return <ErrorNotice error={error} onRetry={reset} />;
}
