import { lazy, Suspense, useEffect, useRef, useState, type ReactNode } from 'react';
import { useMe } from '../../shared/api/index.ts';
import { useTranslation } from '../../shared/i18n/index.ts';
import { useCommandKeys, useCommands } from '../../shared/keyboard/index.ts';
import { useNavigation } from '../../shared/navigation/index.ts';
import { cx, LIVE_REGION_ID, useCurrentFrame } from '../../shared/ui/index.ts';
import css from './app-frame.module.css';
import { ConnectionNotice } from './connection-notice.tsx';
import { Rail } from './rail.tsx';
import { TopBar } from './top-bar.tsx';
import { useGlobalCommands } from './global-commands.ts';

const Palette = lazy(() =>
  import('./palette.tsx').then(({ Palette: component }) => ({ default: component })),
);
const KeysSheet = lazy(() =>
  import('./keys-sheet.tsx').then(({ KeysSheet: component }) => ({ default: component })),
);

/** The frame around every page: bar, rail, palette, keys, live region. */
export function AppFrame({ children }: { children: ReactNode }) {
  const { t } = useTranslation('app');
  const me = useMe();
  const { wide } = useCurrentFrame();
  const [open, setOpen] = useState<'palette' | 'keys' | null>(null);
  useCommandKeys();
  const main = useFocusOnNewPage();
  useGlobalCommands(me ?? null);
  useCommands([
    {
      id: 'palette',
      name: t('command.palette'),
      keys: 'mod+k',
      group: t('command.group.general'),
      run: () => setOpen('palette'),
    },
    {
      id: 'keys',
      name: t('command.keys'),
      keys: '?',
      group: t('command.group.general'),
      run: () => setOpen('keys'),
    },
  ]);
  return (
    <div className={cx(css.frame, wide === true && css.wide, me === null && css.signedOut)}>
      <a href="#main" className={css.skip}>
        {t('frame.skip')}
      </a>
      <TopBar me={me ?? null} onPalette={() => setOpen('palette')} />
      {me !== null && me !== undefined && <Rail me={me} narrow={wide === true} />}
      <main id="main" ref={main} tabIndex={-1} className={css.main}>
        <ConnectionNotice />
        {children}
      </main>
      <div id={LIVE_REGION_ID} role="status" aria-live="polite" className="ln-hidden" />
      <Suspense fallback={null}>
        {open === 'palette' && <Palette onClose={() => setOpen(null)} />}
        {open === 'keys' && <KeysSheet onClose={() => setOpen(null)} />}
      </Suspense>
    </div>
  );
}

/** A new page begins at its top and takes the focus, for readers and the Tab key; not the page one arrives on. */
function useFocusOnNewPage() {
  const { pathname } = useNavigation().place;
  const main = useRef<HTMLElement>(null);
  const shown = useRef(pathname);
  useEffect(() => {
    if (shown.current === pathname) return;
    shown.current = pathname;
    main.current?.focus({ preventScroll: true });
    main.current?.scrollTo({ top: 0 });
  }, [pathname]);
  return main;
}
