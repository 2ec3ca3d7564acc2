import type { AccountId, History, Person } from '@lineage/contracts';
import { useState } from 'react';
import { useTranslation } from '../../shared/i18n/index.ts';
import { useCommands } from '../../shared/keyboard/index.ts';
import { Avatar, ErrorNotice, Skeleton } from '../../shared/ui/index.ts';
import { ChangesView } from './changes-view.tsx';
import { CodeView } from './code-view.tsx';
import { HistoryActions } from './history-actions.tsx';
import type { HistoryProps } from './history-view.tsx';
import css from './history.module.css';
import { type Life, type LifeMark, momentAt, nextStop, partAt, positionOf } from './life.ts';
import type { Moments, PastFile } from './moments.ts';
import { PastFiles } from './past-files.tsx';
import { PeopleView } from './people-view.tsx';
import { PlayControls } from './play-controls.tsx';
import { Scrubber } from './scrubber.tsx';
import { usePast } from './use-past.ts';
import { usePlayer } from './use-player.ts';
import { useMomentWords } from './use-words.ts';

type Props = HistoryProps & {
  history: History;
  life: Life;
  people: ReadonlyMap<AccountId, Person>;
  moments: Moments;
  position: number;
  onPosition: (position: number) => void;
};
type Mode = 'text' | 'changes' | 'people';

const noFiles: readonly PastFile[] = [];

/** One moment, with the ways to the others. */
export function PastView(props: Props) {
  const { workspaceId, life, people, moments, position, onPosition, onClose } = props;
  const { t } = useTranslation('history');
  const [mode, setMode] = useState<Mode>('text');
  const [base, setBase] = useState(0);
  const [chosen, setChosen] = useState<string | null>(null);
  const { shown, error, retry } = usePast(life, moments, position);
  const from = usePast(life, moments, base);
  const player = usePlayer(life, moments, position, onPosition);
  const momentWords = useMomentWords(life, people);
  const moment = momentWords(position, shown?.position === position ? shown.past.edit : null);
  const files = shown?.past.files ?? noFiles;
  const edited = shown?.past.editedId ?? null;
  const file =
    files.find(({ id }) => id === (player.playing ? edited : chosen)) ??
    files.find(({ id }) => id === edited) ??
    files.find(({ path }) => path.endsWith('.go')) ??
    files[0] ??
    null;

  const goTo = (to: number): void => {
    player.setPlaying(false);
    onPosition(to);
  };
  const goToMark = (entry: LifeMark): void => {
    goTo(entry.position);
    exactPosition(life, moments, entry).then(goTo, reportError);
  };
  useCommands([{ id: 'history.close', name: t('close'), keys: 'Escape', group: t('title'), run: onClose }]);

  return (
    <>
      <header className={css.head}>
        <h2>{t('title')}</h2>
        <p className={css.when}>
          {moment.person !== null && <Avatar person={moment.person} size="small" />} {moment.words}
        </p>
        <HistoryActions {...props} files={files} when={moment.when ?? moment.words} />
      </header>
      <Scrubber
        life={life}
        people={people}
        position={position}
        base={mode === 'changes' ? base : null}
        words={moment.words}
        onPosition={goTo}
      />
      <PlayControls
        life={life}
        people={people}
        position={position}
        player={player}
        mode={mode}
        onMode={setMode}
        onMark={goToMark}
        onStep={(direction) => goTo(nextStop(life, position, direction))}
        onStart={() => {
          if (position === life.end) onPosition(0);
          player.setPlaying(true);
        }}
      />
      {error !== null && <ErrorNotice level={2} error={error} onRetry={retry} />}
      {error === null && shown === null && <Skeleton rows={[40, 60, 55, 30]} />}
      {error === null && shown !== null && mode === 'text' && (
        <>
          <PastFiles files={files} shown={file} onShow={setChosen} />
          {file === null ? (
            <p className={css.empty}>{t('noFiles')}</p>
          ) : (
            <CodeView
              key={file.id}
              label={t('code', { path: file.path })}
              isGo={file.path.endsWith('.go')}
              content={file.content}
              follow
            />
          )}
        </>
      )}
      {error === null && shown !== null && mode === 'changes' && (
        <>
          <div className={css.compared}>
            <span>{t('from', { moment: momentWords(base, from.shown?.past.edit ?? null).words })}</span>
            <span>{t('to', { moment: moment.words })}</span>
            <button type="button" className={css.link} onClick={() => setBase(position)}>
              {t('compareFrom')}
            </button>
          </div>
          {from.shown !== null && <ChangesView before={from.shown.past.files} after={files} />}
        </>
      )}
      {mode === 'people' && <PeopleView workspaceId={workspaceId} />}
    </>
  );
}

/** The last edit before a mark, once the edits around it are here. */
async function exactPosition(life: Life, moments: Moments, { position, at }: LifeMark): Promise<number> {
  const part = partAt(life, position);
  if (part === null || part.at > at) return position;
  const { epoch, seq } = momentAt(life, part.from);
  const edits = await moments.timesAfter({ epoch, seq: seq - 1 });
  const last = edits.findLast((edit) => edit.at <= at);
  return (last === undefined ? null : positionOf(life, { epoch, seq: last.seq })) ?? position;
}
