import { closeCodes, readTree, type CloseReason } from '@lineage/collab';
import { lazy, Suspense, useState, type ReactNode } from 'react';
import { useFormat, useTranslation, type Translate } from '../../shared/i18n/index.ts';
import { Button, buttonClass } from '../../shared/ui/index.ts';
import { activeConnection } from './room/active-room.ts';
import { NoticeLine } from './notice-line.tsx';
import type { LostText, RoomView } from './room/room-connection.ts';
import { textOfFiles, type FileText } from './state/text-of-files.ts';
import css from './workspace-editor.module.css';

const LostDialog = lazy(() =>
  import('./away/index.ts').then(({ LostDialog: component }) => ({ default: component })),
);

/** Text that the server has not and will not take as it is. */
export function LostNotice({ room, lost }: { room: RoomView; lost: LostText }) {
  const { t } = useTranslation('editor');
  return (
    <NoticeLine
      tone="bad"
      actions={[
        <ShowLost key="show" room={room} lost={lost} />,
        <CopyText key="copy" files={lost.files} />,
        <Button key="dismiss" onClick={() => activeConnection()?.forgetLost()}>
          {t('action.dismiss')}
        </Button>,
      ]}
    >
      <strong>{t('lost.title')}</strong> {t(`lost.${lost.why}`)}
    </NoticeLine>
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

/** The server ended the connection for good: why, and the way out. */
export function Stopped({ room, code }: { room: RoomView; code: number }) {
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
