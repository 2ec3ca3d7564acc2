import type { CoverageBody, RunEvent } from '@lineage/contracts';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from '../../shared/i18n/index.ts';
import { coverageTexts } from './coverage/texts.ts';
import type { LineCoverage } from './coverage/line-coverage.ts';

/** What of a file ran, and of which text that is said. */
export type FileCoverage = {
  readonly path: string;
  readonly lineSums: readonly number[];
  readonly lines: readonly (LineCoverage & { readonly label: string })[];
};

const none: readonly FileCoverage[] = [];
const load = () => import('./coverage/line-coverage.ts');

/** What the tests of a run covered, with words for the editor's gutter. What counts lines is loaded with the first of them. */
export function useLineCoverage(events: readonly RunEvent[]): readonly FileCoverage[] {
  const { t } = useTranslation('coverage');
  const [lines, setLines] = useState<Awaited<ReturnType<typeof load>> | null>(null);
  const files = useMemo(
    () => events.flatMap(({ body }): CoverageBody[] => (body.type === 'coverage' ? [body] : [])),
    [events],
  );
  const any = files.length > 0;
  useEffect(() => {
    if (!any) return;
    Promise.all([load(), coverageTexts()]).then(([loaded]) => setLines(loaded), reportError);
  }, [any]);
  return useMemo(() => {
    if (!any || lines === null) return none;
    return files.map(({ path, blocks, lineSums }) => ({
      path,
      lineSums,
      lines: lines
        .linesOf(blocks)
        .map((line) => ({ ...line, label: t(`mark.${line.state}`, { count: line.count }) })),
    }));
  }, [any, files, lines, t]);
}
