import type { Coverage } from '@lineage/runner-protocol';
import type { CoverageBody } from '@lineage/contracts';
import { storable } from '../output-text.ts';
import { AgentProtocolError, count } from './agent-events.ts';

const NAME_CHARS = 512;
/** Of one file; the agent tells at most as many. */
const MOST_BLOCKS = 10_000;
/** A file of a workspace has at most so many lines: each of them takes a byte. */
const MOST_LINES = 262_145;
/** Of one run, of all files together: some 2 MiB as they are stored. */
const MOST_BLOCKS_A_RUN = 60_000;
const MOST_LINES_A_RUN = 200_000;

/** Takes files of one run until it has told as much as it may. */
export class CoverageBudget {
  #blocks = MOST_BLOCKS_A_RUN;
  #lines = MOST_LINES_A_RUN;

  /** Null for a file that is not kept. @throws AgentProtocolError for one that the agent may not tell */
  admit({ path, package: importPath, blocks, lineSums }: Coverage): CoverageBody | null {
    if (blocks.length > MOST_BLOCKS || lineSums.length > MOST_LINES)
      throw new AgentProtocolError('too much coverage of a file');
    if (blocks.length > this.#blocks || lineSums.length > this.#lines) return null;
    this.#blocks -= blocks.length;
    this.#lines -= lineSums.length;
    return {
      type: 'coverage',
      path: storable(path, NAME_CHARS),
      package: storable(importPath, NAME_CHARS),
      blocks: blocks.map((block) => [
        block.startLine,
        block.startColumn,
        block.endLine,
        block.endColumn,
        block.statements,
        count(block.count),
      ]),
      lineSums,
    };
  }
}
