import { useState, type FormEvent } from 'react';
import { useCommand } from '../../shared/api/index.ts';
import { useTranslation } from '../../shared/i18n/index.ts';
import { Button, ErrorLine } from '../../shared/ui/index.ts';
import css from './output-pane.module.css';

/** Types a line to the program while it runs, or tells it that no more will come. */
export function StdinBox({ runId }: { runId: string }) {
  const { t } = useTranslation('runs');
  const [text, setText] = useState('');
  const send = useCommand('sendStdin');
  const params = { runId };
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    send.mutate({ params, body: { text: `${text}\n` } }, { onSuccess: () => setText('') });
  };
  return (
    <form className={css.stdin} onSubmit={onSubmit}>
      <input
        value={text}
        aria-label={t('stdin')}
        placeholder={t('stdin')}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Button type="submit" busy={send.isPending}>
        {t('send')}
      </Button>
      <Button onClick={() => send.mutate({ params, body: { text: '', close: true } })}>
        {t('endInput')}
      </Button>
      <ErrorLine error={send.error} />
    </form>
  );
}
