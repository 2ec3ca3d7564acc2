import { remarkKindSchema, type Remark } from '@lineage/contracts';
import { describe, expect, it } from 'vitest';
import { countTopics, filterRemarks, remarkFilterOf, remarkTopics, topicOf } from './remark-groups.ts';

const all: Remark[] = remarkKindSchema.options.map((kind, at) => ({
  path: 'main.go',
  line: at + 1,
  column: 1,
  kind,
  message: kind,
  flow: [],
}));

describe('remarks by topic', () => {
  it('each have one topic, and the counts add up', () => {
    const counts = countTopics(all);
    expect([...counts.values()].reduce((sum, count) => sum + count, 0)).toBe(all.length);
    for (const topic of remarkTopics) {
      expect(filterRemarks(all, topic)).toHaveLength(counts.get(topic) ?? 0);
      expect(filterRemarks(all, topic).every((remark) => topicOf(remark) === topic)).toBe(true);
    }
    expect(filterRemarks(all, 'all')).toBe(all);
  });

  it('are those of the heap where the address says nothing that is known', () => {
    expect([undefined, 'x', 'bounds', 'all'].map(remarkFilterOf)).toEqual(['heap', 'heap', 'bounds', 'all']);
  });
});
