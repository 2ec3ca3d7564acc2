import { lazy, Suspense } from 'react';
import { ErrorNotice, Skeleton } from '../../shared/ui/index.ts';
import { useMe, useRoute } from '../../shared/api/index.ts';
import css from '../frame/page.module.css';

const Welcome = lazy(() =>
  import('../../features/welcome/index.ts').then(({ Welcome: component }) => ({ default: component })),
);
const Today = lazy(() =>
  import('../../features/today/index.ts').then(({ Today: component }) => ({ default: component })),
);

/** `/`: today's work for those who are signed in, the welcome for everybody else. */
export function HomePage() {
  const me = useMe();
  const { error, refetch } = useRoute('getMe');
  if (me === undefined && error !== null) return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  const waiting = (
    <div className={css.page}>
      <Skeleton rows={[30, 80, 60]} />
    </div>
  );
  if (me === undefined) return waiting;
  return <Suspense fallback={waiting}>{me === null ? <Welcome /> : <Today me={me} />}</Suspense>;
}
