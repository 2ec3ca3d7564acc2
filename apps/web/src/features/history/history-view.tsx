import type { AccountId, History, Person, WorkspaceId } from '@lineage/contracts';
import { useEffect, useMemo, useState } from 'react';
import { call, useRoute } from '../../shared/api/index.ts';
import { useTranslation } from '../../shared/i18n/index.ts';
import { ErrorNotice, Skeleton } from '../../shared/ui/index.ts';
import css from './history.module.css';
import { lifeOf, momentAt, momentName, parseMoment, positionOf } from './life.ts';
import { Moments, type PastFile } from './moments.ts';
import { PastView } from './past-view.tsx';

export type HistoryProps = {
  workspaceId: WorkspaceId;
  /** The moment that the address names; anything else is the last one. */
  moment: string;
  onMoment: (name: string) => void;
  onClose: () => void;
  /** Makes these the files of the workspace; `words` say which they are. False where one may only read. */
  onRestore: (files: readonly PastFile[], words: string) => Promise<boolean>;
  onOpenWorkspace: (id: WorkspaceId) => void;
};

/** A workspace as it was: its whole life as a line, and the text at each place of it. */
export function HistoryView(props: HistoryProps) {
  const { t } = useTranslation('history');
  const { workspaceId } = props;
  const params = { workspaceId };
  const { data, error, refetch } = useRoute('getHistory', { params });
  return (
    <section className={css.history} aria-label={t('title')}>
      {data !== undefined && <Life {...props} history={data} />}
      {data === undefined && error === null && <Skeleton rows={[100, 40, 90, 85, 60]} />}
      {data === undefined && error !== null && (
        <ErrorNotice level={2} error={error} onRetry={() => void refetch()} />
      )}
    </section>
  );
}

/** The life as it was when the view was opened: what is typed meanwhile must not move the line under one's hand. */
function Life({ history, ...props }: HistoryProps & { history: History }) {
  const { workspaceId, moment, onMoment } = props;
  const [life] = useState(() => lifeOf(history));
  const [people] = useState(
    () => new Map<AccountId, Person>(history.people.map((person) => [person.id, person])),
  );
  const moments = useMemo(
    () =>
      new Moments((epoch, from) =>
        call('getHistoryEdits', { params: { workspaceId, epoch: String(epoch) }, query: { from } }),
      ),
    [workspaceId],
  );
  useEffect(() => () => moments.end(), [moments]);
  const [position, setPosition] = useState(() => {
    const named = parseMoment(moment);
    return (named === null ? null : positionOf(life, named)) ?? life.end;
  });
  useEffect(() => {
    // The address follows where one stays, not every step on the way.
    const timer = setTimeout(() => onMoment(momentName(momentAt(life, position))), ADDRESS_AFTER_MS);
    return () => clearTimeout(timer);
  }, [life, position]);
  return (
    <PastView
      {...props}
      history={history}
      life={life}
      people={people}
      moments={moments}
      position={position}
      onPosition={setPosition}
    />
  );
}

/** Browsers refuse to change an address more than a hundred times in half a minute. */
const ADDRESS_AFTER_MS = 500;
