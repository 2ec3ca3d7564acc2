import { useMemo, useState } from 'react';
import { useFormat } from '../../../shared/i18n/index.ts';
import { announce, Button, clock } from '../../../shared/ui/index.ts';
import { NoticeLine } from '../notice-line.tsx';
import type { Meanwhile } from '../room/room-connection.ts';
import { useAwayTexts } from './away-texts.ts';
import { diffTrees } from '../../../shared/text/line-diff.ts';

type Props = {
  meanwhile: Meanwhile;
  onShow: (path: string, line: number) => void;
  onDismiss: () => void;
};

/** What others did while the page had no connection, to be stepped through place by place. */
export function MeanwhileNotice({ meanwhile, onShow, onDismiss }: Props) {
  const { t } = useAwayTexts();
  const { list } = useFormat();
  const [shown, setShown] = useState<number | null>(null);
  const places = useMemo(
    () =>
      diffTrees(meanwhile.before, meanwhile.after).flatMap(({ path, hunks }) =>
        hunks.map(({ newLine }) => ({ path, line: newLine })),
      ),
    [meanwhile],
  );
  const files = [...new Set(places.map(({ path }) => path))];
  const place = shown === null ? undefined : places[shown];
  const next = (): void => {
    const index = shown === null ? 0 : (shown + 1) % places.length;
    const wanted = places[index];
    if (wanted === undefined) return;
    setShown(index);
    onShow(wanted.path, wanted.line);
    announce(t('shown', { number: index + 1, total: places.length, ...wanted }));
  };
  return (
    <NoticeLine
      actions={[
        <Button onClick={next}>{t('next')}</Button>,
        <Button onClick={onDismiss}>{t('dismiss')}</Button>,
      ]}
    >
      {t('meanwhile', {
        count: places.length,
        duration: clock(meanwhile.awayMs / 1_000),
        files: list(files),
      })}{' '}
      {place !== undefined && shown !== null && (
        <span>{t('shown', { number: shown + 1, total: places.length, ...place })}</span>
      )}
    </NoticeLine>
  );
}
