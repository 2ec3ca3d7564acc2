import { lazy, Suspense, useEffect } from 'react';
import { z } from 'zod';
import { navigate, useSearch } from '../../shared/navigation/index.ts';
import { ErrorNotice, Skeleton } from '../../shared/ui/index.ts';
import { useMe, useRoute } from '../../shared/api/index.ts';
import css from '../frame/page.module.css';

const Welcome = lazy(() =>
  import('../../features/welcome/index.ts').then(({ Welcome: component }) => ({ default: component })),
);
const Today = lazy(() =>
  import('../../features/today/index.ts').then(({ Today: component }) => ({ default: component })),
);

/** A page of ours to go on to after the sign-in; nothing that could lead to another site. */
const homeSearch = z.object({
  next: z
    .string()
    .regex(/^\/[a-z]/)
    .max(400)
    .optional()
    .catch(undefined),
});

/** `/`: today's work for those who are signed in, the welcome for everybody else. */
export function HomePage() {
  const me = useMe();
  const { next } = useSearch(homeSearch);
  const onward = me !== null && me !== undefined ? next : undefined;
  useEffect(() => {
    if (onward !== undefined) navigate(onward, { replace: true });
  }, [onward]);
  const { error, refetch } = useRoute('getMe');
  if (me === undefined && error !== null) return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  const waiting = (
    <div className={css.page}>
      <Skeleton rows={[30, 80, 60]} />
    </div>
  );
  if (me === undefined || onward !== undefined) return waiting;
  return <Suspense fallback={waiting}>{me === null ? <Welcome /> : <Today me={me} />}</Suspense>;
}
