import { runIdSchema, workspaceIdSchema, type Watch, type WatchReply } from '@lineage/contracts';
import { expect, it } from 'vitest';
import { askToWatch } from './ask-to-watch.ts';

const id = workspaceIdSchema.parse('01890000-0000-7000-8000-000000000001');
const withRuns: Watch = { stream: 'workspace', id, runs: true };
const plain: Watch = { stream: 'workspace', id };
const ofRun: Watch = { stream: 'run', id: runIdSchema.parse(id), after: 0 };
const ok: WatchReply = { ok: true };
const refused = (code: 'bad_request' | 'not_found'): WatchReply => ({ ok: false, code, message: code });

/** What is asked of a server that answers like this, and what is made of its answers. */
function asked(answer: (request: Watch) => WatchReply, wanted: Watch) {
  const requests: Watch[] = [];
  const replies: WatchReply[] = [];
  const emit = (request: Watch, reply: (answer: WatchReply) => void): void => {
    requests.push(request);
    reply(answer(request));
  };
  askToWatch(emit, wanted, (reply) => replies.push(reply));
  return { requests, replies };
}

/** A server that refuses whatever is not `stream` and `id`. */
const strict = (request: Watch): WatchReply =>
  Object.keys(request).every((key) => ['stream', 'id'].includes(key)) ? ok : refused('bad_request');

it('asks a server of the release before for what that one knows', () => {
  expect(asked(strict, withRuns)).toEqual({ requests: [withRuns, plain], replies: [ok] });
});

it('asks once where the server knows all of it, or has another reason to refuse', () => {
  expect(asked(() => ok, withRuns)).toEqual({ requests: [withRuns], replies: [ok] });
  const unseen = refused('not_found');
  expect(asked(() => unseen, withRuns)).toEqual({ requests: [withRuns], replies: [unseen] });
});

it('goes on asking no server that refuses what each release knows', () => {
  const malformed = refused('bad_request');
  expect(asked(() => malformed, withRuns)).toEqual({ requests: [withRuns, plain], replies: [malformed] });
  for (const known of [plain, ofRun])
    expect(asked(() => malformed, known)).toEqual({ requests: [known], replies: [malformed] });
});
