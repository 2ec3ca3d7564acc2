import type { AccountId, Person } from '@lineage/contracts';
import { Pause, Play, SkipBack, SkipForward } from 'lucide-react';
import { useTranslation } from '../../shared/i18n/index.ts';
import { useFormat } from '../../shared/i18n/index.ts';
import { Button, IconButton } from '../../shared/ui/index.ts';
import { Pills } from '../../shared/ui/pills.tsx';
import css from './history.module.css';
import type { Life, LifeMark } from './life.ts';
import { type Player, speeds } from './use-player.ts';
import { useMarkWords } from './use-words.ts';

const modes = ['text', 'changes', 'people'] as const;
type Mode = (typeof modes)[number];

type Props = {
  life: Life;
  people: ReadonlyMap<AccountId, Person>;
  position: number;
  player: Player;
  mode: Mode;
  onMode: (mode: Mode) => void;
  onMark: (mark: LifeMark) => void;
  onStep: (direction: 1 | -1) => void;
  onStart: () => void;
};

/** To play, to step, to jump, and what is looked at. */
export function PlayControls({
  life,
  people,
  position,
  player,
  mode,
  onMode,
  onMark,
  onStep,
  onStart,
}: Props) {
  const { t } = useTranslation('history');
  const { number } = useFormat();
  const markWords = useMarkWords(people);
  return (
    <div className={css.controls}>
      <IconButton name={t('previous')} onClick={() => onStep(-1)} disabled={position === 0}>
        <SkipBack size={16} />
      </IconButton>
      <Button
        icon={player.playing ? <Pause size={16} aria-hidden="true" /> : <Play size={16} aria-hidden="true" />}
        onClick={() => (player.playing ? player.setPlaying(false) : onStart())}
        disabled={life.end === 0}
      >
        {t(player.playing ? 'pause' : 'play')}
      </Button>
      <IconButton name={t('next')} onClick={() => onStep(1)} disabled={position === life.end}>
        <SkipForward size={16} />
      </IconButton>
      <Pills
        label={t('speed')}
        items={speeds.map((factor) => ({ id: String(factor), name: t('times', { factor }) }))}
        chosen={String(player.speed)}
        onChoose={(id) => player.setSpeed(speeds.find((factor) => String(factor) === id) ?? 1)}
      />
      {life.marks.length > 0 && (
        <select
          className={css.select}
          aria-label={t('marks')}
          value=""
          onChange={(event) => {
            const mark = life.marks[Number(event.target.value)];
            if (mark !== undefined) onMark(mark);
          }}
        >
          <option value="">{t('goToMark')}</option>
          {life.marks.map((mark, index) => (
            <option key={index} value={index}>
              {markWords(mark)}
            </option>
          ))}
        </select>
      )}
      <span className={css.number}>{t('where', { number: number(position), total: number(life.end) })}</span>
      <span className={css.space} />
      <Pills
        label={t('mode.label')}
        items={modes.map((id) => ({ id, name: t(`mode.${id}`) }))}
        chosen={mode}
        onChoose={(id) => onMode(modes.find((one) => one === id) ?? 'text')}
      />
    </div>
  );
}
