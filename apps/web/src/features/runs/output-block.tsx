import { useEffect, useRef, useState } from 'react';
import { OutputLineView, type Source } from './output-line.tsx';
import type { OutputLine } from './output-lines.ts';

/** Drawn together or not at all: a screen has 60 lines, and drawing these takes a few milliseconds. */
export const BLOCK_LINES = 200;
/** Blocks this near to what is seen are drawn ahead. */
const AHEAD = '800px';
/** Until a block was drawn once, a line is taken to be as high as one that is not wrapped. */
const LINE_EM = 1.5;

type Props = { lines: readonly OutputLine[]; from: number; to: number; source: Source };

/** A stretch of the output, drawn only near to where one reads: a program may write a million lines. */
export function OutputBlock({ lines, from, to, source }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [isNear, setNear] = useState(false);
  const [heightPx, setHeightPx] = useState<number | null>(null);
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (entry === undefined) return;
        if (!entry.isIntersecting) setHeightPx(element.offsetHeight);
        setNear(entry.isIntersecting);
      },
      { root: element.closest('[role="region"]'), rootMargin: AHEAD },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  if (!isNear)
    return <div ref={box} style={{ height: heightPx === null ? `${(to - from) * LINE_EM}em` : heightPx }} />;
  return (
    <div ref={box}>
      {lines.slice(from, to).map((line, at) => (
        <OutputLineView key={at} line={line} before={lines[from + at - 1]} source={source} />
      ))}
    </div>
  );
}
