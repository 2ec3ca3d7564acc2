import { useState } from 'react';

/** A line to be shown in the editor; `nonce` tells one wish from the next for the same line. */
export type Reveal = { readonly file: string; readonly line: number; readonly nonce: number };

/** The line to show: at first the one in the address, then whichever was asked for last. */
export function useReveal(
  file: string | undefined,
  line: number | undefined,
): { reveal: Reveal | null; show: (file: string, line: number) => void } {
  const [reveal, setReveal] = useState<Reveal | null>(() =>
    file === undefined ? null : { file, line: line ?? 1, nonce: 0 },
  );
  const show = (nextFile: string, nextLine: number): void => {
    setReveal((old) => ({ file: nextFile, line: nextLine, nonce: (old?.nonce ?? 0) + 1 }));
  };
  return { reveal, show };
}
