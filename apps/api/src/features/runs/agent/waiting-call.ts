import type { Client } from '@connectrpc/connect';
import type { ExecuteResponse, RunnerService } from '@lineage/runner-protocol';
import type { ExecuteInput } from '../runner-pool.ts';

/**
 * A call that was opened before there was a run for it, and waits for its start: opening one takes longer than an agent
 * needs to begin a program that is built. It is used once.
 */
export class WaitingCall {
  readonly #abort = new AbortController();
  readonly #input = Promise.withResolvers<AsyncIterable<ExecuteInput>>();
  readonly #answers: AsyncIterator<ExecuteResponse>;
  readonly #first: Promise<IteratorResult<ExecuteResponse>>;
  #isOpen = true;

  constructor(client: Pick<Client<typeof RunnerService>, 'execute'>) {
    const { promise } = this.#input;
    const requests = async function* (): AsyncGenerator<ExecuteInput> {
      yield* await promise;
    };
    this.#answers = client.execute(requests(), { signal: this.#abort.signal })[Symbol.asyncIterator]();
    this.#first = this.#answers.next();
    // An agent has nothing to say to a call without a start but that it is over.
    this.#first.then(
      () => (this.#isOpen = false),
      () => (this.#isOpen = false),
    );
  }

  /** Whether it can still be used, as far as is known here. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** The run of this input; as a call that is made now, from here on. */
  async *begin(input: AsyncIterable<ExecuteInput>, signal: AbortSignal): AsyncGenerator<ExecuteResponse> {
    const giveUp = (): void => this.#abort.abort(signal.reason);
    if (signal.aborted) giveUp();
    signal.addEventListener('abort', giveUp);
    this.#input.resolve(input);
    let hasEnded = false;
    try {
      for (let next = await this.#first; next.done !== true; next = await this.#answers.next()) {
        hasEnded = next.value.event.case === 'end';
        yield next.value;
      }
    } finally {
      signal.removeEventListener('abort', giveUp);
      // A run that nobody listens to any more ends with its call; of one that has ended, the agent ends the call.
      if (!hasEnded) this.#abort.abort();
    }
  }

  close(): void {
    this.#isOpen = false;
    this.#abort.abort();
  }
}
