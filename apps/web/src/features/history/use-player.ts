import { useEffect, useEffectEvent, useState } from 'react';
import { type Life, momentAt } from './life.ts';
import type { Moments, PastEdit } from './moments.ts';

export const speeds = [1, 4, 16, 64] as const;
export type Speed = (typeof speeds)[number];

/** A pause of those who typed takes no longer than this to watch. */
const LONGEST_PAUSE_MS = 1_200;

export type Player = {
  readonly playing: boolean;
  readonly speed: Speed;
  setPlaying(playing: boolean): void;
  setSpeed(speed: Speed): void;
};

/** Moves on through the life as it was typed, `speed` times as fast, with its pauses shortened. */
export function usePlayer(
  life: Life,
  moments: Moments,
  position: number,
  onPosition: (position: number) => void,
): Player {
  const [playing, setPlaying] = useState(false);
  const [speed, setSpeed] = useState<Speed>(4);
  const move = useEffectEvent(onPosition);
  const here = useEffectEvent(() => position);
  useEffect(() => {
    if (!playing) return;
    let over = false;
    const play = async (): Promise<void> => {
      while (!over && here() < life.end) {
        const moment = momentAt(life, here());
        const epoch = life.epochs.find((one) => one.epoch === moment.epoch);
        if (epoch === undefined) return;
        // The next epoch begins without typing.
        if (moment.seq === epoch.edits) move(here() + 1);
        else {
          const edits = await moments.timesAfter(moment);
          await playEdits(
            edits,
            speed,
            () => over,
            (seq) => move(epoch.start + seq),
          );
        }
        await nextFrame();
      }
      if (!over) setPlaying(false);
    };
    play().catch((error: unknown) => {
      // What cannot be loaded is told by the view, which asks for the same.
      reportError(error);
      setPlaying(false);
    });
    return () => {
      over = true;
    };
  }, [playing, speed, life, moments]);
  return { playing: playing && position < life.end, speed, setPlaying, setSpeed };
}

async function playEdits(
  edits: readonly PastEdit[],
  speed: number,
  isOver: () => boolean,
  show: (seq: number) => void,
): Promise<void> {
  let clock = edits[0]?.at ?? 0;
  let last = performance.now();
  let next = 0;
  while (next < edits.length && !isOver()) {
    const now = await nextFrame();
    clock = Math.max(clock + (now - last) * speed, (edits[next]?.at ?? 0) - LONGEST_PAUSE_MS * speed);
    last = now;
    const before = next;
    while (next < edits.length && (edits[next]?.at ?? 0) <= clock) next += 1;
    const edit = edits[next - 1];
    if (next > before && edit !== undefined && !isOver()) show(edit.seq);
  }
}

const nextFrame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
