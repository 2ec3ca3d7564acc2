import { useEffect, useState, type ReactNode } from 'react';
import { ApiError } from '../api/index.ts';
import { useTranslation } from '../i18n/index.ts';
import { Button } from './button.tsx';
import { cx } from './class-names.ts';
import css from './states.module.css';

/** Below this a wait is not worth showing. */
const SKELETON_AFTER_MS = 300;

function useElapsed(ms: number): boolean {
  const [elapsed, setElapsed] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setElapsed(true), ms);
    return () => clearTimeout(timer);
  }, [ms]);
  return elapsed;
}

/** The outline of what is coming; nothing for the first 300 ms. `rows` are widths in percent. */
export function Skeleton({ rows = [40, 90, 75, 60] }: { rows?: readonly number[] }) {
  const { t } = useTranslation('app');
  const late = useElapsed(SKELETON_AFTER_MS);
  return (
    <div className={css.skeleton} role="status" aria-busy="true">
      {late && <span className="ln-hidden">{t('state.loading')}</span>}
      {late &&
        rows.map((width, index) => <span key={index} className={css.bone} style={{ width: `${width}%` }} />)}
    </div>
  );
}

type NoticeProps = {
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
  icon?: ReactNode;
  tone?: 'plain' | 'bad';
  level?: 1 | 2;
};

/** A whole pane with nothing to show but why, and what to do. `level` 1 when it is the whole page; default 2. */
export function Notice({ title, children, actions, icon, tone = 'plain', level = 2 }: NoticeProps) {
  const Heading = level === 1 ? 'h1' : 'h2';
  return (
    <section
      className={cx(css.notice, tone === 'bad' && css.bad)}
      role={tone === 'bad' ? 'alert' : undefined}
    >
      {icon !== undefined && <div className={css.icon}>{icon}</div>}
      <Heading>{title}</Heading>
      {children !== undefined && <div className={css.body}>{children}</div>}
      {actions !== undefined && <div className={css.actions}>{actions}</div>}
    </section>
  );
}

/** A failed call: what happened, what is safe, what to do, and the id to give to an operator. */
export function ErrorNotice({
  error,
  onRetry,
  level = 1,
}: {
  error: unknown;
  onRetry?: (() => void) | undefined;
  level?: 1 | 2;
}) {
  const { t } = useTranslation('app');
  const kind = errorKind(error);
  return (
    <Notice
      tone="bad"
      level={level}
      title={t(`error.${kind}.title`)}
      actions={
        <>
          {onRetry !== undefined && <Button onClick={onRetry}>{t('action.tryAgain')}</Button>}
          <RequestId error={error} />
        </>
      }
    >
      <p>{t(`error.${kind}.body`)}</p>
      {kind === 'refused' && (
        <p>
          <Refusal error={error} />
        </p>
      )}
    </Notice>
  );
}

/** One sentence for a failed command, beside what was pressed. */
export function ErrorLine({ error }: { error: unknown }) {
  const { t } = useTranslation('app');
  if (error === null || error === undefined) return null;
  const kind = errorKind(error);
  return (
    <p className={css.line} role="alert">
      {t(`error.${kind}.line`)} {kind === 'refused' && <Refusal error={error} />} <RequestId error={error} />
    </p>
  );
}

/** Why the server refused: its own words to who reads English, else ours for the code with its words as a quotation. */
function Refusal({ error }: { error: unknown }) {
  const { t, locale } = useTranslation('app');
  if (!(error instanceof ApiError) || error.kind !== 'refused') return null;
  if (locale === 'en') return error.message;
  return (
    <>
      {t(`error.code.${error.code}`)} <q lang="en">{error.message}</q>
    </>
  );
}

function RequestId({ error }: { error: unknown }) {
  const { t } = useTranslation('app');
  const [copied, setCopied] = useState(false);
  if (!(error instanceof ApiError) || error.requestId === null) return null;
  const { requestId } = error;
  const copy = (): void => {
    navigator.clipboard.writeText(requestId).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  };
  return (
    <button type="button" className={css.requestId} onClick={copy} title={t('action.copy')}>
      {t('error.requestId')} <code>{requestId}</code>{' '}
      <span aria-live="polite">{copied ? t('state.copied') : ''}</span>
    </button>
  );
}

/** Which of the texts an error has; the same for a pane and a line. */
export function errorKind(
  error: unknown,
): 'network' | 'denied' | 'signedOut' | 'unreadable' | 'busy' | 'refused' | 'internal' {
  if (!(error instanceof ApiError)) return 'internal';
  if (error.kind !== 'refused') return error.kind;
  if (error.code === 'not_found' || error.code === 'forbidden') return 'denied';
  if (error.code === 'unauthenticated') return 'signedOut';
  if (error.code === 'too_many_requests' || error.code === 'unavailable') return 'busy';
  return error.code === 'internal' ? 'internal' : 'refused';
}
