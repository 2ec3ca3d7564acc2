import { Component, useMemo, type ReactNode } from 'react';
import { useTranslation } from '../../shared/i18n/index.ts';
import { Link, places } from '../../shared/navigation/index.ts';
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
        <Link to={places.home} className={buttonClass('primary')}>
          {t('missing.home')}
        </Link>
      }
    >
      <p>{t('missing.body')}</p>
    </Notice>
  );
}

/** A page that broke. The frame around it stands, and so does what was saved. */
export class PageBoundary extends Component<{ children: ReactNode }, { error: unknown }> {
  override state: { error: unknown } = { error: null };

  static getDerivedStateFromError(error: unknown): { error: unknown } {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return <ErrorNotice error={error} onRetry={() => this.setState({ error: null })} />;
  }
}
