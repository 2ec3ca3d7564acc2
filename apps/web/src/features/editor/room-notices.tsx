import { closeCodes, readTree, type CloseReason } from '@lineage/collab';
import { lazy, Suspense, useState, type ReactNode } from 'react';
import { useFormat, useTranslation, type Translate } from '../../shared/i18n/index.ts';
import { Button, buttonClass } from '../../shared/ui/index.ts';
import { activeConnection } from './room/active-room.ts';
import { NoticeLine } from './notice-line.tsx';
import type { LostText, RoomView } from './room/room-connection.ts';
import { textOfFiles, type FileText } from './state/text-of-files.ts';
import type { Pointed } from './use-others-points.ts';
import css from './workspace-editor.module.css';

const MeanwhileNotice = lazy(() =>
  import('./away/index.ts').then(({ MeanwhileNotice: component }) => ({ default: component })),
);
const LostDialog = lazy(() =>
  import('./away/index.ts').then(({ LostDialog: component }) => ({ default: component })),
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
      {room.stopped !== null && <Stopped room={room} code={room.stopped} />}
      {room.lost !== null && (
        <NoticeLine
          tone="bad"
          actions={[
            <ShowLost key="show" room={room} lost={room.lost} />,
            <CopyText key="copy" files={room.lost.files} />,
            dismiss,
          ]}
        >
          <strong>{t('lost.title')}</strong> {t(`lost.${room.lost.why}`)}
        </NoticeLine>
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

function ShowLost({ room, lost }: { room: RoomView; lost: LostText }) {
  const { t } = useTranslation('editor');
  const [isOpen, setOpen] = useState(false);
  // There is nothing to compare with until the server's text is here.
  if (!room.session.synced) return null;
  return (
    <>
      <Button onClick={() => setOpen(true)}>{t('lost.show')}</Button>
      {isOpen && (
        <Suspense fallback={null}>
          <LostDialog mine={lost.files} theirs={readTree(room.doc)} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}

const reasonOf = (code: number): CloseReason | null => {
  const found = Object.entries(closeCodes).find(([, entry]) => entry.code === code)?.[0];
  return found !== undefined && found in closeCodes ? (found as CloseReason) : null;
};

function Stopped({ room, code }: { room: RoomView; code: number }) {
  const { t } = useTranslation('editor');
  const { time } = useFormat();
  const reason = reasonOf(code);
  const since = room.session.unsavedSince;
  const actions: ReactNode[] = since === null ? [] : [<CopyText files={readTree(room.doc)} />];
  if (reason === 'unauthenticated')
    actions.unshift(
      <a className={buttonClass('primary')} href="/">
        {t('action.signIn')}
      </a>,
    );
  else if (reason === 'notFound')
    actions.unshift(
      <a className={buttonClass()} href="/">
        {t('action.home')}
      </a>,
    );
  else if (reason === 'badFrame')
    actions.unshift(<Button onClick={() => location.reload()}>{t('action.loadAgain')}</Button>);
  else actions.unshift(<Button onClick={() => activeConnection()?.retryNow()}>{t('action.connect')}</Button>);
  return (
    <NoticeLine tone="bad" actions={actions}>
      {sentenceOf(reason, code, t)}
      {since !== null && ` ${t('closed.unsaved', { time: time(new Date(since).toISOString()) })}`}
    </NoticeLine>
  );
}

function sentenceOf(reason: CloseReason | null, code: number, t: Translate): string {
  switch (reason) {
    case 'unauthenticated':
    case 'forbidden':
    case 'notFound':
    case 'badFrame':
    case 'tooLarge':
    case 'presenceRefused':
      return t(`closed.${reason}`);
    default:
      return t('closed.other', { code });
  }
}

function CopyText({ files }: { files: readonly FileText[] }) {
  const { t } = useTranslation('editor');
  const [state, setState] = useState<'idle' | 'copied' | 'failed'>('idle');
  const copy = (): void => {
    navigator.clipboard.writeText(textOfFiles(files)).then(
      () => setState('copied'),
      () => setState('failed'),
    );
  };
  return (
    <>
      <Button onClick={copy}>{t(state === 'copied' ? 'action.copied' : 'action.copy')}</Button>
      {state === 'failed' && (
        <textarea
          className={css.byHand}
          readOnly
          aria-label={t('action.copyFailed')}
          title={t('action.copyFailed')}
          value={textOfFiles(files)}
          onFocus={(event) => event.target.select()}
        />
      )}
    </>
  );
}
