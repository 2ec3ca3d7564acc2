import type { Remark, RemarkKind } from '@lineage/contracts';

/** What one asks the compiler about; each is some kinds of remark. */
export const remarkTopics = ['heap', 'inlining', 'bounds', 'stack', 'other'] as const;
export type RemarkTopic = (typeof remarkTopics)[number];
/** Which remarks are shown. */
export type RemarkFilter = RemarkTopic | 'all';

const topics: Record<RemarkKind, RemarkTopic> = {
  heap: 'heap',
  leak: 'heap',
  can_inline: 'inlining',
  cannot_inline: 'inlining',
  inlined: 'inlining',
  bounds_check: 'bounds',
  stack: 'stack',
  other: 'other',
};

export const topicOf = ({ kind }: Pick<Remark, 'kind'>): RemarkTopic => topics[kind];

/** The filter in an address; `heap` when there is none: what escapes is what people ask about first. */
export const remarkFilterOf = (text: string | undefined): RemarkFilter =>
  text === 'all' ? 'all' : (remarkTopics.find((topic) => topic === text) ?? 'heap');

export const filterRemarks = (remarks: readonly Remark[], filter: RemarkFilter): readonly Remark[] =>
  filter === 'all' ? remarks : remarks.filter((remark) => topicOf(remark) === filter);

/** How many remarks each topic has. */
export function countTopics(remarks: readonly Remark[]): ReadonlyMap<RemarkTopic, number> {
  const counts = new Map<RemarkTopic, number>();
  for (const remark of remarks) counts.set(topicOf(remark), (counts.get(topicOf(remark)) ?? 0) + 1);
  return counts;
}
