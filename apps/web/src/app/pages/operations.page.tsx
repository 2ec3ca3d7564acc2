import { lazy, Suspense, useMemo } from 'react';
import { useTranslation } from '../../shared/i18n/index.ts';
import { Skeleton, usePageFrame } from '../../shared/ui/index.ts';
import css from '../frame/page.module.css';
import { SignedIn } from './signed-in.tsx';

const OperationsView = lazy(async () => {
  const { OperationsView: component, operationsTexts } = await import('../../features/operations/index.ts');
  await operationsTexts();
  return { default: component };
});

/** `/operations`. */
export function OperationsPage() {
  const { t } = useTranslation('app');
  usePageFrame(useMemo(() => ({ title: t('nav.operations') }), [t]));
  return (
    <div className={css.page}>
      <SignedIn>
        {() => (
          <Suspense fallback={<Skeleton rows={[30, 80, 80, 60]} />}>
            <OperationsView />
          </Suspense>
        )}
      </SignedIn>
    </div>
  );
}
