import { useTranslation } from '../../shared/i18n/index.ts';
import { retryNow, useConnectionState } from '../../shared/socket/connection-state.ts';
import { Button, useNow } from '../../shared/ui/index.ts';
import css from './connection-notice.module.css';

/** A short break is not worth a sentence. */
const SAY_FROM_ATTEMPT = 2;

/** Says that what is on the screen is not live, since when it matters, and offers the way out. */
export function ConnectionNotice() {
  const { t } = useTranslation('app');
  const state = useConnectionState();
  const now = useNow(500);
  if (state.phase !== 'reconnecting' || state.attempt < SAY_FROM_ATTEMPT) return null;
  const seconds = Math.max(0, Math.ceil((state.nextTryAt - now) / 1000));
  return (
    <div className={css.notice} role="status">
      <span className={css.dot} aria-hidden="true" />
      <span>{navigator.onLine ? t('connection.reconnecting') : t('connection.offline')}</span>
      {/* The countdown is for the eye: spoken every second it would be noise. */}
      <span aria-hidden="true">
        {seconds > 0 ? t('connection.inSeconds', { count: seconds }) : t('connection.now')}
      </span>
      <Button look="quiet" onClick={retryNow}>
        {t('connection.retry')}
      </Button>
    </div>
  );
}
