import { lazy, Suspense, type ComponentProps } from 'react';

const Dialog = lazy(() => import('./dialog.tsx').then(({ Dialog: component }) => ({ default: component })));

/** `Dialog`, whose code is loaded when it first opens. */
export function LazyDialog(props: ComponentProps<typeof Dialog>) {
  if (!props.opened) return null;
  return (
    <Suspense fallback={null}>
      <Dialog {...props} />
    </Suspense>
  );
}
