import { Check, CloudOff, Eye, LoaderCircle, TriangleAlert, Unplug, type LucideIcon } from 'lucide-react';
import { useEffect, useEffectEvent, useRef } from 'react';
import { useTranslation, type Translate } from '../../shared/i18n/index.ts';
import { announce, clock, useNow } from '../../shared/ui/index.ts';
import { activeConnection, useRoomView } from './room/active-room.ts';
import type { RoomView } from './room/room-connection.ts';
import css from './save-state-badge.module.css';
import { saveStateOf, type SaveState } from './state/save-state.ts';

const icons: Record<SaveState['kind'], LucideIcon> = {
  saved: Check,
  saving: LoaderCircle,
  readOnly: Eye,
  connecting: LoaderCircle,
  reconnecting: CloudOff,
  stopped: Unplug,
  notSaved: TriangleAlert,
};

/** Whether what is typed is safe, in a word; why and what to do one hover, or one focus, away. */
export function SaveStateBadge() {
  const room = useRoomView();
  return room === null ? null : <Shown room={room} />;
}

function Shown({ room }: { room: RoomView }) {
  const { t } = useTranslation('editor');
  const now = useNow(1_000);
  const state = saveStateOf(room, Math.max(now, Date.now()));
  useAnnounced(state);
  const Icon = icons[state.kind];
  const why = state.kind === 'notSaved' ? t(`save.why.${state.why}`) : t(`save.why.${state.kind}`);
  const canHurry = room.retryAt !== null;
  return (
    <span className={css.badge} data-kind={state.kind} title={why}>
      <Icon size={14} aria-hidden="true" />
      <span>{wordsOf(state, now, t)}</span>
      <span className="ln-hidden">{why}</span>
      {canHurry && (
        <button type="button" className={css.now} onClick={() => activeConnection()?.retryNow()}>
          {t('save.now')}
        </button>
      )}
    </span>
  );
}

function wordsOf(state: SaveState, now: number, t: Translate): string {
  switch (state.kind) {
    case 'notSaved':
      return t('save.since', { duration: clock((now - (state.since ?? now)) / 1_000) });
    case 'reconnecting':
      return state.inSeconds === null || state.inSeconds === 0
        ? t('save.reconnecting')
        : t('save.reconnectingIn', { count: state.inSeconds });
    default:
      return t(`save.${state.kind}`);
  }
}

/** Spoken only when edits stop being saved, and when they all are again. */
function useAnnounced({ kind }: SaveState): void {
  const { t } = useTranslation('editor');
  const wasUnsafe = useRef(false);
  const say = useEffectEvent((what: 'notSaved' | 'saved') => announce(t(`save.announce.${what}`)));
  useEffect(() => {
    if (kind === 'notSaved' && !wasUnsafe.current) say('notSaved');
    if (kind === 'saved' && wasUnsafe.current) say('saved');
    if (kind === 'notSaved') wasUnsafe.current = true;
    else if (kind === 'saved') wasUnsafe.current = false;
  }, [kind]);
}
