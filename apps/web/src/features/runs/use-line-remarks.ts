import type { Remark, RunEvent } from '@lineage/contracts';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from '../../shared/i18n/index.ts';
import { findingsTexts } from './findings/texts.ts';

/** A remark with what it is in the language of the page. */
export type LabelledRemark = Remark & { readonly label: string };

const none: readonly LabelledRemark[] = [];
const loadGroups = () => import('./findings/remark-groups.ts');
type Groups = Awaited<ReturnType<typeof loadGroups>>;

/**
 * What the compiler said in a run, as far as `filter` lets it through, with words for the editor's gutter. What sorts
 * remarks is loaded with the first of them.
 */
export function useLineRemarks(
  events: readonly RunEvent[],
  filter: string | undefined,
): readonly LabelledRemark[] {
  const { t } = useTranslation('findings');
  const [groups, setGroups] = useState<Groups | null>(null);
  const all = useMemo(
    () => events.flatMap(({ body }) => (body.type === 'remarks' ? body.remarks : [])),
    [events],
  );
  const any = all.length > 0;
  useEffect(() => {
    if (!any) return;
    Promise.all([loadGroups(), findingsTexts()]).then(([loaded]) => setGroups(loaded), reportError);
  }, [any]);
  return useMemo(() => {
    if (!any || groups === null) return none;
    return groups
      .filterRemarks(all, groups.remarkFilterOf(filter))
      .map((remark) => ({ ...remark, label: t(`remark.${remark.kind}`) }));
  }, [any, all, groups, filter, t]);
}
