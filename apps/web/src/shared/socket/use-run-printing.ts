import { runPrintingSchema } from '@lineage/contracts';
import { useEffect, useState } from 'react';
import { liveSocket } from './connection.ts';

export type Printing = { readonly stream: 'stdout' | 'stderr'; readonly text: string };

/** What a run that is watched prints at the moment beyond what is kept; null until it does. */
export function useRunPrinting(runId: string): Printing | null {
  const [printing, setPrinting] = useState<Printing | null>(null);
  useEffect(() => {
    const socket = liveSocket();
    let frame: number | null = null;
    const onPrinting = (message: unknown): void => {
      const heard = runPrintingSchema.safeParse(message);
      if (!heard.success || heard.data.runId !== runId) return;
      if (frame !== null) cancelAnimationFrame(frame);
      // Several between two frames: the newest is the one to see.
      frame = requestAnimationFrame(() => setPrinting(heard.data));
    };
    socket.on('run.printing', onPrinting);
    return () => {
      if (frame !== null) cancelAnimationFrame(frame);
      socket.off('run.printing', onPrinting);
    };
  }, [runId]);
  return printing;
}
