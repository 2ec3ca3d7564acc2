import { Keyboard } from 'lucide-react';
import { useEffect, useEffectEvent, useRef } from 'react';
import { useCommands } from '../../../shared/keyboard/index.ts';
import { announce, Button, ErrorLine } from '../../../shared/ui/index.ts';
import type { RoomView } from '../room/room-connection.ts';
import { canTakeTurns } from './control-offer.ts';
import { useControlTexts } from './control-texts.ts';
import { useRoomControl } from './use-room-control.ts';

/** From "everybody writes" to driver mode, beside the faces of whom one would take turns with. */
export function TakeTurns({ room }: { room: RoomView }) {
  const { t } = useControlTexts();
  const controls = useRoomControl(room);
  const isOffered = controls !== null && canTakeTurns(controls.control, controls.me, controls.drivers);
  const start = (): void => controls?.send({ type: 'drive' });
  useFreed(controls?.control.mode ?? 'free');
  useCommands([
    { id: 'room.drive', name: t('action.takeTurns'), group: t('group'), enabled: isOffered, run: start },
  ]);
  if (!isOffered) return null;
  return (
    <>
      <Button
        look="quiet"
        icon={<Keyboard size={15} aria-hidden="true" />}
        title={t('action.takeTurnsHint')}
        busy={controls.isBusy}
        onClick={start}
      >
        {t('action.takeTurns')}
      </Button>
      {controls.error !== null && <ErrorLine error={controls.error} />}
    </>
  );
}

/** The strip is gone by then, so that everybody may write again is said from here. */
function useFreed(mode: 'free' | 'driver'): void {
  const { t } = useControlTexts();
  const before = useRef(mode);
  const freed = useEffectEvent(() => announce(t('announce.free')));
  useEffect(() => {
    if (mode === 'free' && before.current === 'driver') freed();
    before.current = mode;
  }, [mode]);
}
