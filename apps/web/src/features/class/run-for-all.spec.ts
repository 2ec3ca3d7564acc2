import { runForAllKindSchema, runKindSchema, type ClassBatch } from '@lineage/contracts';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { routeKey } from '../../shared/api/index.ts';
import { loadNamespace, translator, type Messages } from '../../shared/i18n/index.ts';
import { classMessages as en } from './messages/en.ts';
import { classMessages as zhCn } from './messages/zh-cn.ts';
import { RunForAll } from './run-for-all.tsx';

const classSessionId = 'of-today';

async function shown(batch: ClassBatch): Promise<string> {
  await loadNamespace('app', () => Promise.resolve(en as Messages));
  const client = new QueryClient();
  client.setQueryData(routeKey('getClassBatch', { params: { classSessionId } }), batch);
  const children = createElement(RunForAll, { classSessionId });
  return renderToStaticMarkup(createElement(QueryClientProvider, { client, children }));
}

/** The words of each button, with whether it is pressed where it can be. */
const buttons = (page: string) =>
  [...page.matchAll(/<button([^>]*)>(.*?)<\/button>/g)].map(([, attributes = '', inside = '']) => [
    inside.replaceAll(/<[^>]+>/g, ''),
    /aria-pressed="(\w+)"/.exec(attributes)?.[1] ?? null,
  ]);

describe('what is run for all groups', () => {
  it('is chosen in sight of the button, which says it; checks until something else is', async () => {
    expect(buttons(await shown({ open: 0 }))).toEqual([
      ['Check', 'true'],
      ['Test', 'false'],
      ['Run', 'false'],
      ['Vet', 'false'],
      ['Check all groups', null],
    ]);
  });

  it('is nothing new until the last one has ended or is cancelled', async () => {
    const page = await shown({ open: 2 });
    expect(page).toContain('The runs of 2 groups have not ended.');
    expect(buttons(page)).toEqual([['Cancel the runs', null]]);
  });

  it.each([
    ['English', 'en', en],
    ['Chinese', 'zh-CN', zhCn],
  ] as const)('has its words in %s, and so has each kind of run on a card', (_, locale, messages) => {
    const t = translator(locale, messages);
    const asked = [
      ...runKindSchema.options.map((kind) => `class.runKind.${kind}`),
      ...runForAllKindSchema.options.flatMap((kind) => [`class.lead.all.${kind}`, `class.lead.done.${kind}`]),
    ];
    expect(asked.filter((key) => t(key, { count: 2 }) === key)).toEqual([]);
  });
});
