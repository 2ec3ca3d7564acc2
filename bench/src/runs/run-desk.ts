import { createFile, filesOf, listFiles } from '@lineage/collab';
import type { RunEvent, StartRun, WorkspaceId } from '@lineage/contracts';
import { type Bench } from '../run-bench.ts';
import { LiveRuns, type Seen } from '../system/live-runs.ts';
import { ask, type Person, signInPair } from '../system/person.ts';
import { enterRoom, type RoomClient } from '../system/room-client.ts';
import { openFirst } from '../system/workspaces.ts';

export type Timed = {
  /** From the server's receipt of the command to the event, by the server's clock. */
  readonly serverMs: number;
  /** From sending the command to the event's arrival here. */
  readonly clientMs: number;
  readonly answeredMs: number;
  /** When the server received the command, in milliseconds since 1970. */
  readonly commandAt: number;
  readonly event: RunEvent;
  readonly seen: readonly Seen[];
};

/** A learner at a workspace who edits and presses Run. */
export class RunDesk {
  readonly #person: Person;
  readonly #room: RoomClient;
  readonly #runs: LiveRuns;
  readonly #workspaceId: WorkspaceId;

  private constructor(person: Person, room: RoomClient, runs: LiveRuns, workspaceId: WorkspaceId) {
    this.#person = person;
    this.#room = room;
    this.#runs = runs;
    this.#workspaceId = workspaceId;
  }

  static async open({ system, atEnd }: Bench, env: Readonly<Record<string, string>> = {}): Promise<RunDesk> {
    const { url } = await system(env);
    const [person] = await signInPair(url);
    return RunDesk.of(person, atEnd);
  }

  /** At the person's first workspace. */
  static async of(person: Person, atEnd: Bench['atEnd']): Promise<RunDesk> {
    const workspace = await openFirst(person);
    const room = await enterRoom(person, workspace.id);
    atEnd(() => room.leave());
    const runs = await LiveRuns.connect(person);
    atEnd(() => runs.close());
    return new RunDesk(person, room, runs, workspace.id);
  }

  /** Makes the workspace hold these files: one of the same name is edited, others go, new ones come. */
  write(files: Readonly<Record<string, string>>): void {
    const { doc } = this.#room;
    doc.transact(() => {
      const there = new Map(listFiles(doc).map((file) => [file.path, file]));
      for (const [path, { id }] of there) if (!(path in files)) filesOf(doc).delete(id);
      for (const [path, text] of Object.entries(files)) {
        const file = there.get(path);
        if (file === undefined) createFile(doc, path, text);
        else if (file.text.toString() !== text) {
          file.text.delete(0, file.text.length);
          file.text.insert(0, text);
        }
      }
    });
  }

  /** Resolves when everything written is durable. */
  saved(): Promise<void> {
    return this.#room.until(({ saved }) => saved);
  }

  /** Presses Run and waits for the first event that `wanted` says yes to, then for the end. */
  async time(request: StartRun, wanted: (event: RunEvent) => boolean): Promise<Timed> {
    const { lastFrame, connectionId } = this.#room.state;
    const beganAt = performance.now();
    const run = await ask(
      this.#person,
      'startRun',
      { workspaceId: this.#workspaceId },
      { ...request, lastFrame, connectionId },
    );
    const answeredMs = performance.now() - beganAt;
    const watched = this.#runs.watch(run.id);
    const { event, atMs } = await watched.first(wanted);
    await watched.first(({ body }) => body.type === 'end');
    this.#runs.forget(run.id);
    const commandAt = Date.parse(run.createdAt);
    return {
      serverMs: event.atMs,
      clientMs: atMs - beganAt,
      answeredMs,
      commandAt,
      event,
      seen: watched.seen,
    };
  }
}
