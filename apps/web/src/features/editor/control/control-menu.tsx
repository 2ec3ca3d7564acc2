import { Menu } from '@mantine/core';
import '@mantine/core/styles/Popover.layer.css';
import '@mantine/core/styles/Menu.layer.css';
import type { ReactNode, RefObject } from 'react';
import { MantineTheme } from '../../../shared/theme/mantine-theme.tsx';
import { useOpenFromButton } from '../../../shared/ui/reached.ts';
import { accountOf, TURN_CHOICES, type MoreOffers } from './control-offer.ts';
import { useControlTexts } from './control-texts.ts';
import type { RoomControls } from './use-room-control.ts';

type Props = {
  controls: RoomControls;
  more: MoreOffers;
  button: RefObject<HTMLButtonElement | null>;
  children: ReactNode;
};

const turns = [null, ...TURN_CHOICES];
const nameOfTurn = (minutes: number | null): string => (minutes === null ? 'none' : String(minutes));

/** To whom control can go, how long turns are, and the way back to free mode; `children` is the button. */
export function ControlMenu({ controls, more, button, children }: Props) {
  const { t } = useControlTexts();
  const open = useOpenFromButton(button);
  const { control, send, nameOf } = controls;
  return (
    <MantineTheme>
      <Menu position="bottom-end" withinPortal {...open}>
        <Menu.Target>{children}</Menu.Target>
        <Menu.Dropdown>
          {more.canSetTurns && (
            <>
              <Menu.Label>{t(control.driver === null ? 'action.give' : 'action.handOver')}</Menu.Label>
              {more.handOverTo.length === 0 && <Menu.Item disabled>{t('action.nobodyElse')}</Menu.Item>}
              {more.handOverTo.map((id) => (
                <Menu.Item key={id} onClick={() => send({ type: 'hand_over', to: accountOf(id) })}>
                  {nameOf(id) ?? t('says.somebody')}
                </Menu.Item>
              ))}
              <Menu.Divider />
              <Menu.Label>{t('action.turns')}</Menu.Label>
              <Menu.RadioGroup
                value={nameOfTurn(control.turnMinutes)}
                onChange={(chosen) =>
                  send({ type: 'turns', minutes: turns.find((turn) => nameOfTurn(turn) === chosen) ?? null })
                }
              >
                {turns.map((minutes) => (
                  <Menu.RadioItem key={minutes} value={nameOfTurn(minutes)} closeMenuOnClick>
                    {minutes === null ? t('action.noTurns') : t('action.everyMinutes', { count: minutes })}
                  </Menu.RadioItem>
                ))}
              </Menu.RadioGroup>
              {more.canFree && <Menu.Divider />}
            </>
          )}
          {more.canFree && <Menu.Item onClick={() => send({ type: 'free' })}>{t('action.free')}</Menu.Item>}
        </Menu.Dropdown>
      </Menu>
    </MantineTheme>
  );
}
