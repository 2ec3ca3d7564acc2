import type { MessageInitShape } from '@bufbuild/protobuf';
import type { GroupId, RunnerPoolOverview } from '@lineage/contracts';
import type {
  BuildResponse,
  DescribeResponse,
  ExecuteRequestSchema,
  ExecuteResponse,
  LimitsSchema,
  StartSchema,
} from '@lineage/runner-protocol';

export type ExecuteInput = MessageInitShape<typeof ExecuteRequestSchema>;

export type StartInput = MessageInitShape<typeof StartSchema>;

/** What one program may use; a limit that is not named is the agent's own. */
export type RunLimits = MessageInitShape<typeof LimitsSchema>;

/** Whether runs can be taken now. `reason` is a sentence for a person. */
export type PoolState = { readonly ready: true } | { readonly ready: false; readonly reason: string };

/** The runner of a run is gone; the message is a sentence for the group whose run it was. */
export class RunnerLost extends Error {}

/**
 * Port to where learner code runs. An adapter owns its agents' lives; nobody else starts or ends one. The group is the
 * tenant: an adapter may give it a runner of its own, and never one that another group used.
 */
export abstract class RunnerPool {
  abstract readonly limits: RunLimits;

  abstract state(): PoolState;

  /** What the agents that are there say of themselves, for operators; none where an adapter cannot tell. */
  describe(): Promise<readonly DescribeResponse[]> {
    return Promise.resolve([]);
  }

  /** Runners that come and go, for operators; null where an adapter has none of that kind. */
  overview(): RunnerPoolOverview | null {
    return null;
  }

  /**
   * Performs one run; the first input is its start. The stream ends with one `end`, or throws when the agent dies: a
   * RunnerLost where it is known why. Aborting `signal` gives the run up at once.
   */
  abstract execute(
    group: GroupId,
    input: AsyncIterable<ExecuteInput>,
    signal: AbortSignal,
  ): AsyncIterable<ExecuteResponse>;

  /**
   * Makes the program of a run that `execute` will then find, or says what is wrong with its files. A speculative build
   * is made only while the machine has nothing else to do. Aborting `signal` gives it up.
   */
  abstract build(
    group: GroupId,
    start: StartInput,
    speculative: boolean,
    signal: AbortSignal,
  ): Promise<BuildResponse>;
}
