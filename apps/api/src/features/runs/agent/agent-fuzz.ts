import type { FuzzFailure, FuzzProgress } from '@lineage/runner-protocol';
import type { FuzzFailure as FailureBody, FuzzProgress as ProgressBody } from '@lineage/contracts';
import { AgentProtocolError, count, millis } from './agent-events.ts';

/** As the agent tells; no file of a workspace has more. */
const MOST_INPUT_BYTES = 32 * 1024;
const inputPath = /^testdata\/fuzz\/Fuzz[\p{L}\p{N}_]{0,100}\/[0-9a-f]{16}$/u;

export const progressBody = ({
  elapsedUs,
  executions,
  interesting,
  workers,
}: FuzzProgress): ProgressBody => ({
  type: 'fuzz_progress',
  elapsedMs: millis(elapsedUs),
  executions: count(executions),
  interesting: count(interesting),
  workers,
});

/** @throws AgentProtocolError for an input that would be another file than one of the corpus */
export function failureBody({ target, input, sizeBytes }: FuzzFailure): FailureBody {
  const { path, content } = input ?? { path: '', content: new Uint8Array() };
  if (!inputPath.test(path) || path.split('/')[2] !== target || content.length > MOST_INPUT_BYTES)
    throw new AgentProtocolError('an input of a fuzz target cannot be kept');
  return { type: 'fuzz_failure', target, path, content: textOf(content), sizeBytes: count(sizeBytes) };
}

/** Null for what is no text: it is shown to people and added to a workspace as it is, or not at all. */
function textOf(content: Uint8Array): string | null {
  if (content.length === 0) return null;
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
    return text.includes('\0') ? null : text;
  } catch {
    // Go writes text; this was written by somebody else.
    return null;
  }
}
