import { Menu } from '@mantine/core';
import '@mantine/core/styles/Popover.layer.css';
import '@mantine/core/styles/Menu.layer.css';
import { SlidersHorizontal } from 'lucide-react';
import type { ReactNode, RefObject } from 'react';
import { useTranslation } from '../../shared/i18n/index.ts';
import { MantineTheme } from '../../shared/theme/mantine-theme.tsx';
import { Keys } from '../../shared/ui/index.ts';
import { useOpenFromButton } from '../../shared/ui/reached.ts';
import css from './run-controls.module.css';
import { choiceIcons } from './choice-icons.ts';
import { choiceKeys, choices, type Choice } from './run-kinds.ts';

type Props = {
  onChoose: (choice: Choice) => void;
  onOptions: () => void;
  button: RefObject<HTMLButtonElement | null>;
  children: ReactNode;
};

/** Everything that can be run; `children` is the button. Loaded when it is first wanted. */
export function RunMenu({ onChoose, onOptions, button, children }: Props) {
  const { t } = useTranslation('runs');
  const open = useOpenFromButton(button);
  return (
    <MantineTheme>
      <Menu position="bottom-start" withinPortal {...open}>
        <Menu.Target>{children}</Menu.Target>
        <Menu.Dropdown>
          {choices.map((choice) => {
            const Icon = choiceIcons[choice];
            return (
              <Menu.Item
                key={choice}
                leftSection={<Icon size={14} aria-hidden="true" />}
                rightSection={choiceKeys[choice] === undefined ? null : <Keys keys={choiceKeys[choice]} />}
                onClick={() => onChoose(choice)}
              >
                {t(`kind.${choice}`)}
                <span className={css.itemHint}>{t(`hint.${choice}`)}</span>
              </Menu.Item>
            );
          })}
          <Menu.Divider />
          <Menu.Item
            leftSection={<SlidersHorizontal size={14} aria-hidden="true" />}
            rightSection={<Keys keys="mod+shift+o" />}
            onClick={onOptions}
          >
            {t('withOptions')}
            <span className={css.itemHint}>{t('withOptionsHint')}</span>
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </MantineTheme>
  );
}
