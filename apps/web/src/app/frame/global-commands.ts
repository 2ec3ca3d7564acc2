import type { Me } from '@lineage/contracts';
import { useMantineColorScheme } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { chooseLocale } from '../../shared/i18n/index.ts';
import { useCommands, type Command } from '../../shared/keyboard/index.ts';
import { useSignOut } from './use-sign-out.ts';

/** What can be done from every screen. */
export function useGlobalCommands(me: Me | null): void {
  const { t, i18n } = useTranslation('app');
  const navigate = useNavigate();
  const { setColorScheme } = useMantineColorScheme();
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
      run: () => void navigate({ to: '/' }),
    },
    {
      id: 'go.cohorts',
      name: t('nav.cohorts'),
      keys: 'g c',
      group: go,
      enabled: signedIn,
      run: () => void navigate({ to: '/cohorts' }),
    },
    {
      id: 'go.live',
      name: t('nav.live'),
      keys: 'g l',
      group: go,
      enabled: live !== undefined,
      run: () => {
        if (live !== undefined)
          void navigate({ to: '/class/$classSessionId', params: { classSessionId: live } });
      },
    },
    {
      id: 'language',
      name: t('command.language'),
      group: view,
      run: () => void chooseLocale(i18n.language === 'zh-CN' ? 'en' : 'zh-CN'),
    },
    { id: 'theme.light', name: t('theme.light'), group: view, run: () => setColorScheme('light') },
    { id: 'theme.dark', name: t('theme.dark'), group: view, run: () => setColorScheme('dark') },
    { id: 'theme.auto', name: t('theme.auto'), group: view, run: () => setColorScheme('auto') },
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
