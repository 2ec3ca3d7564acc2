import type { Me } from '@lineage/contracts';
import { chooseLocale, useTranslation } from '../../shared/i18n/index.ts';
import { useCommands, type Command } from '../../shared/keyboard/index.ts';
import { navigate, places } from '../../shared/navigation/index.ts';
import { chooseTheme } from '../../shared/theme/index.ts';
import { useSignOut } from './use-sign-out.ts';

/** What can be done from every screen. */
export function useGlobalCommands(me: Me | null): void {
  const { t, locale } = useTranslation('app');
  const signOut = useSignOut();
  const go = t('command.group.go');
  const view = t('command.group.view');
  const signedIn = me !== null;
  const live = me?.liveClassSessionIds[0];
  const commands: Command[] = [
    {
      id: 'go.today',
      name: t('nav.today'),
      keys: 'g t',
      group: go,
      enabled: signedIn,
      run: () => navigate(places.home),
    },
    {
      id: 'go.cohorts',
      name: t('nav.cohorts'),
      keys: 'g c',
      group: go,
      enabled: signedIn,
      run: () => navigate(places.cohorts),
    },
    {
      id: 'go.operations',
      name: t('nav.operations'),
      keys: 'g o',
      group: go,
      enabled: (me?.programmeRoles.length ?? 0) > 0,
      run: () => navigate(places.operations),
    },
    {
      id: 'go.live',
      name: t('nav.live'),
      keys: 'g l',
      group: go,
      enabled: live !== undefined,
      run: () => {
        if (live !== undefined) navigate(places.classSession(live));
      },
    },
    {
      id: 'language',
      name: t('command.language'),
      group: view,
      run: () => void chooseLocale(locale === 'zh-CN' ? 'en' : 'zh-CN'),
    },
    { id: 'theme.light', name: t('theme.light'), group: view, run: () => chooseTheme('light') },
    { id: 'theme.dark', name: t('theme.dark'), group: view, run: () => chooseTheme('dark') },
    { id: 'theme.auto', name: t('theme.auto'), group: view, run: () => chooseTheme('auto') },
    {
      id: 'signOut',
      name: t('account.signOut'),
      group: t('command.group.general'),
      enabled: signedIn,
      run: () => void signOut(),
    },
  ];
  useCommands(commands);
}
