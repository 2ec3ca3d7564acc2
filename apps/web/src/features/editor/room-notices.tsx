import { lazy, Suspense } from 'react';
import { useTranslation } from '../../shared/i18n/index.ts';
import { Button } from '../../shared/ui/index.ts';
import { activeConnection } from './room/active-room.ts';
import { NoticeLine } from './notice-line.tsx';
import type { RoomView } from './room/room-connection.ts';
import type { Pointed } from './use-others-points.ts';

const MeanwhileNotice = lazy(() =>
  import('./away/index.ts').then(({ MeanwhileNotice: component }) => ({ default: component })),
);
// The server said why before any of it is needed, so it can be asked for.
const Stopped = lazy(() =>
  import('./room-trouble.tsx').then(({ Stopped: component }) => ({ default: component })),
);
const LostNotice = lazy(() =>
  import('./room-trouble.tsx').then(({ LostNotice: component }) => ({ default: component })),
);

type Props = {
  room: RoomView;
  role: string;
  pointed: Pointed | null;
  pathOf: (fileId: string) => string | null;
  onShowPointed: () => void;
  /** Brings a line of a file into sight. */
  onShowPlace: (path: string, line: number) => void;
  /** The limit that the last edit would have broken. */
  tooLargeKib: number | null;
  onForgetTooLarge: () => void;
  /** The path that this file claims and another has. */
  conflict: string | null;
};

/** What is out of the ordinary, a sentence each, with the way out beside it. */
export function RoomNotices(props: Props) {
  const { room, role, pointed, pathOf, onShowPointed, onShowPlace, tooLargeKib, onForgetTooLarge, conflict } =
    props;
  const { t } = useTranslation('editor');
  const pointedPath = pointed === null ? null : pathOf(pointed.jump.fileId);
  const dismiss = <Button onClick={() => activeConnection()?.forgetLost()}>{t('action.dismiss')}</Button>;
  return (
    <>
      {(room.stopped !== null || room.lost !== null) && (
        <Suspense fallback={null}>
          {room.stopped !== null && <Stopped room={room} code={room.stopped} />}
          {room.lost !== null && <LostNotice room={room} lost={room.lost} />}
        </Suspense>
      )}
      {room.meanwhile !== null && (
        <Suspense fallback={null}>
          <MeanwhileNotice
            meanwhile={room.meanwhile}
            onShow={onShowPlace}
            onDismiss={() => activeConnection()?.forgetMeanwhile()}
          />
        </Suspense>
      )}
      {room.lost === null && room.wasReset && <NoticeLine actions={[dismiss]}>{t('reset')}</NoticeLine>}
      {room.stopped === null && role === 'observer' && room.session.control.mode === 'free' && (
        <NoticeLine>{t('readOnly.observer')}</NoticeLine>
      )}
      {tooLargeKib !== null && (
        <NoticeLine tone="bad" actions={[<Button onClick={onForgetTooLarge}>{t('action.dismiss')}</Button>]}>
          {t('tooLarge', { kib: tooLargeKib })}
        </NoticeLine>
      )}
      {conflict !== null && <NoticeLine tone="warn">{t('files.conflict', { path: conflict })}</NoticeLine>}
      {pointed !== null && pointedPath !== null && (
        <NoticeLine actions={[<Button onClick={onShowPointed}>{t('show')}</Button>]}>
          {t('pointed', { name: pointed.name, path: pointedPath, line: pointed.jump.line })}
        </NoticeLine>
      )}
    </>
  );
}
