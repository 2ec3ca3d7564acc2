import { useEffect, useRef, useState } from 'react';
import type { ProfileFacts, ProfileSlice } from '../profile-messages.ts';
import { bytesOf, rangeOf, type ProfileWindow, type WindowChoice } from './window-choice.ts';
import type { WindowsAnswer, WindowsRequest } from './windows-messages.ts';

/** What a window came to. */
export type WindowSum = { readonly cpuNanos: number; readonly hot: string | null };

export type ReadWindows = {
  /** By place; missing while it is read. */
  readonly sums: readonly (WindowSum | undefined)[];
  /** What was added up last; null before the first. */
  readonly shown: { readonly facts: ProfileFacts; readonly slice: ProfileSlice } | null;
  readonly chooseType: (type: number) => void;
};

/** Reads windows in a worker as they come, and adds up those that are chosen. */
export function useWindows(windows: readonly ProfileWindow[], choice: WindowChoice): ReadWindows {
  const [sums, setSums] = useState<readonly (WindowSum | undefined)[]>([]);
  const [shown, setShown] = useState<ReadWindows['shown']>(null);
  const [type, setType] = useState<number | null>(null);
  const worker = useRef<Worker | null>(null);
  const sent = useRef(0);
  useEffect(() => {
    const reader = new Worker(new URL('./windows.worker.ts', import.meta.url), { type: 'module' });
    worker.current = reader;
    sent.current = 0;
    reader.onmessage = ({ data }: MessageEvent<WindowsAnswer>) => {
      if (data.kind === 'window') {
        const { at, cpuNanos, hot } = data;
        setSums((old) => Object.assign([...old], { [at]: { cpuNanos, hot } }));
      } else setShown(data.kind === 'shown' ? { facts: data.facts, slice: data.slice } : null);
    };
    return () => {
      reader.terminate();
      worker.current = null;
    };
  }, []);
  const range = rangeOf(choice, windows);
  const [from, to] = [range?.from ?? -1, range?.to ?? -1];
  useEffect(() => {
    const post = (message: WindowsRequest): void => worker.current?.postMessage(message);
    if (windows.length > sent.current) {
      const fresh = windows.slice(sent.current).map(({ profile }) => bytesOf(profile));
      post({ kind: 'add', from: sent.current, windows: fresh });
      sent.current = windows.length;
    }
    if (from >= 0) post({ kind: 'show', from, to, type });
  }, [windows, from, to, type]);
  return { sums, shown, chooseType: setType };
}
