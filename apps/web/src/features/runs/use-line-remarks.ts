import type { Remark, RunEvent } from '@lineage/contracts';
import { useEffect, useMemo } from 'react';
import { useTranslation } from '../../shared/i18n/index.ts';
import { filterRemarks, remarkFilterOf } from './findings/remark-groups.ts';
import { findingsTexts } from './findings/texts.ts';

const none: readonly Remark[] = [];

/** A remark with what it is in the language of the page. */
export type LabelledRemark = Remark & { readonly label: string };

/** What the compiler said in a run, as far as `filter` lets it through, with words for the editor's gutter. */
export function useLineRemarks(
  events: readonly RunEvent[],
  filter: string | undefined,
): readonly LabelledRemark[] {
  const { t } = useTranslation('findings');
  const all = useMemo(() => {
    const found = events.flatMap(({ body }) => (body.type === 'remarks' ? body.remarks : none));
    return found.length === 0 ? none : found;
  }, [events]);
  const any = all.length > 0;
  useEffect(() => {
    // Without its words a remark is still told in the compiler's own.
    if (any) findingsTexts().catch(reportError);
  }, [any]);
  return useMemo(
    () =>
      filterRemarks(all, remarkFilterOf(filter)).map((remark) => ({
        ...remark,
        label: t(`remark.${remark.kind}`),
      })),
    [all, filter, t],
  );
}
