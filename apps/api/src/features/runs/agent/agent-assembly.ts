import type { Assembly } from '@lineage/runner-protocol';
import type { AssemblyBody } from '@lineage/contracts';
import { storable } from '../output-text.ts';
import { AgentProtocolError } from './agent-events.ts';

const NAME_CHARS = 512;
const TEXT_CHARS = 256;
/** Of one function; the agent tells at most as many. */
const MOST_INSTRUCTIONS = 2000;
/** Of one run, of all functions together: some 4 MiB as they are stored. */
const MOST_A_RUN = 40_000;

/** Takes functions of one run until it has told as many instructions as it may. */
export class AssemblyBudget {
  #left = MOST_A_RUN;

  /** Null for a function that is not kept. @throws AgentProtocolError for one that the agent may not tell */
  admit(told: Assembly): AssemblyBody | null {
    const size = told.instructions.length;
    if (size > MOST_INSTRUCTIONS) throw new AgentProtocolError('too many instructions of a function');
    if (size > this.#left) return null;
    this.#left -= size;
    return {
      type: 'assembly',
      function: storable(told.function, NAME_CHARS),
      path: storable(told.path, NAME_CHARS),
      line: told.line,
      sizeBytes: told.sizeBytes,
      frameBytes: told.frameBytes,
      instructions: told.instructions.map(({ offset, path, line, text }) => ({
        offset,
        path: storable(path, NAME_CHARS),
        line,
        text: storable(text, TEXT_CHARS),
      })),
      truncated: told.truncated,
    };
  }
}
