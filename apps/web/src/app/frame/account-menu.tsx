import type { Me } from '@lineage/contracts';
import { Menu } from '@mantine/core';
import '@mantine/core/styles/Popover.layer.css';
import '@mantine/core/styles/Menu.layer.css';
import { Check, LogOut, Monitor, Moon, Sun } from 'lucide-react';
import type { ReactNode, RefObject } from 'react';
import { useTranslation } from '../../shared/i18n/index.ts';
import { chooseTheme, useTheme, type Theme } from '../../shared/theme/index.ts';
import { MantineTheme } from '../../shared/theme/mantine-theme.tsx';
import { useOpenFromButton } from '../../shared/ui/reached.ts';
import css from './account-menu.module.css';
import { useSignOut } from './use-sign-out.ts';

const schemes: readonly { value: Theme; icon: ReactNode }[] = [
  { value: 'auto', icon: <Monitor size={14} /> },
  { value: 'light', icon: <Sun size={14} /> },
  { value: 'dark', icon: <Moon size={14} /> },
];

type Props = { me: Me | null; button: RefObject<HTMLButtonElement | null>; children: ReactNode };

/** Who one is, the theme, and the way out; `children` is the button. Loaded when it is first wanted. */
export function AccountMenu({ me, button, children }: Props) {
  const { t } = useTranslation('app');
  const open = useOpenFromButton(button);
  const chosen = useTheme();
  const signOut = useSignOut();
  return (
    <MantineTheme>
      <Menu position="bottom-end" width={224} transitionProps={{ duration: 120 }} {...open}>
        <Menu.Target>{children}</Menu.Target>
        <Menu.Dropdown>
          {me !== null && (
            <>
              <div className={css.who}>
                <strong>{me.account.name}</strong>
                <span>{me.account.email}</span>
              </div>
              <Menu.Divider />
            </>
          )}
          <Menu.Label>{t('theme.choose')}</Menu.Label>
          {schemes.map(({ value, icon }) => (
            <Menu.Item
              key={value}
              role="menuitemradio"
              aria-checked={chosen === value}
              leftSection={icon}
              rightSection={chosen === value ? <Check size={14} /> : null}
              onClick={() => chooseTheme(value)}
            >
              {t(`theme.${value}`)}
            </Menu.Item>
          ))}
          {me !== null && (
            <>
              <Menu.Divider />
              <Menu.Item leftSection={<LogOut size={14} />} onClick={() => void signOut()}>
                {t('account.signOut')}
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
    </MantineTheme>
  );
}
