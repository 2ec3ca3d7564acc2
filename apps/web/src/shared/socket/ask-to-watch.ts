import type { Watch, WatchReply } from '@lineage/contracts';

type Reply = (answer: WatchReply) => void;

/**
 * Asks for `request`, and where that is refused as malformed for the same as the release before knows it: while servers are
 * updated, this page may meet one of those. `reply` hears the last answer.
 */
export function askToWatch(emit: (request: Watch, reply: Reply) => void, request: Watch, reply: Reply): void {
  const before = asOfBefore(request);
  emit(request, (answer) => {
    if (answer.ok || answer.code !== 'bad_request' || before === null) reply(answer);
    else emit(before, reply);
  });
}

/** Without what a server of the release before refuses; null where there is nothing of that. */
function asOfBefore(request: Watch): Watch | null {
  // The page then asks for each run that it shows.
  return request.stream === 'workspace' && request.runs !== undefined
    ? { stream: 'workspace', id: request.id }
    : null;
}
