import type { ComparableRun, WorkspaceId } from '@lineage/contracts';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { beforeAll, expect, it } from 'vitest';
import { routeKey } from '../../../shared/api/index.ts';
import { loadNamespace, type Messages } from '../../../shared/i18n/index.ts';
import { CompareField } from './compare-field.tsx';
import { en } from './messages/en.ts';

const workspaceId = 'of-heron' as WorkspaceId;
const measured = (name: string, noisy?: boolean): ComparableRun =>
  ({
    id: name,
    groupName: 'Heron',
    isOwn: true,
    startedBy: { name },
    createdAt: '2026-11-25T12:00:00Z',
    ...(noisy === undefined ? {} : { noisy }),
  }) as ComparableRun;

beforeAll(() => loadNamespace('runOptions', () => Promise.resolve(en as Messages)));

it('tells runs apart that were measured while the machine was not quiet', () => {
  const client = new QueryClient();
  client.setQueryData(routeKey('listComparableRuns', { params: { workspaceId } }), {
    runs: [measured('Ana', true), measured('Bo', false), measured('Chen')],
  });
  const field = createElement(CompareField, { workspaceId, compareWith: null, onChange: () => undefined });
  const page = renderToStaticMarkup(createElement(QueryClientProvider, { client, children: field }));
  const choices = [...page.matchAll(/<option[^>]*>([^<]*)</g)].map(([, words = '']) => words);
  expect(choices.map((words) => /, (\w+)( \(machine not quiet\))?$/.exec(words)?.slice(1))).toEqual([
    undefined,
    undefined,
    ['Ana', ' (machine not quiet)'],
    ['Bo', undefined],
    ['Chen', undefined],
  ]);
});
