import type { FileEntry } from '@lineage/collab';
import { useEffect, useEffectEvent, useRef } from 'react';
import type { Jump } from './file-editor.tsx';
import { fileNamed } from './state/shown-file.ts';

export type Reveal = { readonly file: string; readonly line: number; readonly nonce: number };

/** Shows the line that the page asks for, once for each wish, as soon as its file is here. */
export function usePageReveal(
  reveal: Reveal | null,
  files: readonly FileEntry[],
  onJump: (jump: Jump) => void,
): void {
  const done = useRef<Reveal | null>(null);
  const jumpTo = useEffectEvent(onJump);
  useEffect(() => {
    if (reveal === null || done.current === reveal) return;
    const file = fileNamed(files, reveal.file);
    if (file === null) return;
    done.current = reveal;
    jumpTo({ fileId: file.id, line: reveal.line, hue: null });
  }, [reveal, files]);
}
