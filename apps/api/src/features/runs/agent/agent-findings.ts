import type { Crash, FormattedFile, Frame, Goroutine, Race, Remark, Stack } from '@lineage/runner-protocol';
import { MAX_TEXT_BYTES } from '@lineage/collab';
import {
  type Frame as FrameView,
  type Goroutine as GoroutineView,
  remarkKindSchema,
  type Remark as RemarkView,
  type RunEventBody,
  type Stack as StackView,
} from '@lineage/contracts';
import { storable } from '../output-text.ts';
import { AgentProtocolError, count } from './agent-events.ts';

type Body<T extends RunEventBody['type']> = Extract<RunEventBody, { type: T }>;

const NAME_CHARS = 512;
const MESSAGE_CHARS = 4096;
/** As many as the agent tells. */
const MOST_GOROUTINES = 256;
const MOST_FRAMES = 100;
/** Frames of one event: the text of a crash that the agent reads has not more. */
const MOST_FRAMES_AN_EVENT = 5_000;
const MOST_FLOW = 40;
const FLOW_CHARS = 2048;
/** Formatting adds blanks and line ends; no file of a workspace grows by more. */
const MOST_FORMATTED_BYTES = 4 * MAX_TEXT_BYTES;

/** What the race detector reported; two accesses, whatever else was sent. */
export function raceBody({ accesses }: Race): Body<'race'> {
  const budget = new FrameBudget();
  return {
    type: 'race',
    accesses: accesses.slice(0, 2).map((access) => ({
      write: access.write,
      atomic: access.atomic,
      address: `0x${access.address.toString(16)}`,
      goroutine: count(access.goroutine),
      stack: budget.stack(access.stack),
      created: budget.stack(access.created),
    })),
  };
}

/** How the Go runtime ended the program; goroutines beyond the bounds are left out, and that is said. */
export function crashBody({ kind, message, goroutines, truncated }: Crash): Body<'crash'> {
  const budget = new FrameBudget();
  const kept: GoroutineView[] = [];
  for (const goroutine of goroutines.slice(0, MOST_GOROUTINES)) {
    if (budget.isSpent) break;
    kept.push(goroutineView(goroutine, budget));
  }
  return {
    type: 'crash',
    kind: storable(kind, NAME_CHARS),
    message: storable(message, MESSAGE_CHARS),
    goroutines: kept,
    truncated: truncated || kept.length < goroutines.length,
  };
}

/** A cut file would be applied as if it were whole, so what does not fit is refused. @throws AgentProtocolError */
export function formattedBody({ path, content }: FormattedFile): Body<'formatted'> {
  if (content.length > MOST_FORMATTED_BYTES) throw new AgentProtocolError('a formatted file is too large');
  return { type: 'formatted', path: storable(path, NAME_CHARS), content: sourceText(content) };
}

/** A kind that is not known yet is told as `other`: its words are the compiler's all the same. */
export function remarkView({ path, line, column, kind, message, flow }: Remark): RemarkView {
  const known = remarkKindSchema.safeParse(kind);
  return {
    path: storable(path, NAME_CHARS),
    line,
    column,
    kind: known.success ? known.data : 'other',
    message: storable(message, MESSAGE_CHARS),
    flow: flow.slice(0, MOST_FLOW).map((step) => storable(step, FLOW_CHARS)),
  };
}

/** @throws AgentProtocolError for what is no text or cannot be stored as it is */
export function sourceText(bytes: Uint8Array): string {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new AgentProtocolError('a formatted file is no text', { cause });
  }
  if (text.includes('\0')) throw new AgentProtocolError('a formatted file holds NUL');
  return text;
}

/** Hands out frames until the event has as many as it may. */
class FrameBudget {
  #left = MOST_FRAMES_AN_EVENT;

  get isSpent(): boolean {
    return this.#left === 0;
  }

  stack(stack: Stack | undefined): StackView {
    const frames = stack?.frames ?? [];
    const kept = frames.slice(0, Math.min(MOST_FRAMES, this.#left));
    this.#left -= kept.length;
    return { frames: kept.map(frameView), elided: stack?.elided === true || kept.length < frames.length };
  }
}

function goroutineView(goroutine: Goroutine, budget: FrameBudget): GoroutineView {
  return {
    id: count(goroutine.id),
    state: storable(goroutine.state, NAME_CHARS),
    waitMinutes: goroutine.waitMinutes,
    lockedToThread: goroutine.lockedToThread,
    stack: budget.stack(goroutine.stack),
    createdBy: goroutine.createdBy === undefined ? null : frameView(goroutine.createdBy),
    createdIn: count(goroutine.createdIn),
  };
}

function frameView(frame: Frame): FrameView {
  return {
    function: storable(frame.function, NAME_CHARS),
    path: storable(frame.path, NAME_CHARS),
    line: frame.line,
    inWorkspace: frame.inWorkspace,
  };
}
