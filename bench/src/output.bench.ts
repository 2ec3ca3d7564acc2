// How long a line of a program that prints 1 MB/s takes to reach each of 100 viewers.
import { createFile, filesOf } from '@lineage/collab';
import type { WorkspaceId } from '@lineage/contracts';
import { summarize } from './report/statistics.ts';
import { type Bench, type Measured, numberFlag, runBench } from './run-bench.ts';
import { enterRoom } from './system/room-client.ts';
import { type LiveSocket, liveSocket } from './system/live-runs.ts';
import { sharedParser } from './system/shared-parser.ts';
import { ask, type Person, signInAll, signInPair } from './system/person.ts';
import { openFirst } from './system/workspaces.ts';

const VIEWERS = 100;
const SECONDS = 10;
const LINE_BYTES = 1000;
const TARGET_MS = 100;

/** Prints a line of 1000 bytes every millisecond; each begins with the time, in microseconds. */
const program = `package main

import (
	"fmt"
	"os"
	"strings"
	"time"
)

func main() {
	rest := strings.Repeat("x", ${LINE_BYTES - 18})
	next := time.Now()
	for range ${SECONDS * 1000} {
		fmt.Fprintf(os.Stdout, "%016d %s\\n", time.Now().UnixMicro(), rest)
		next = next.Add(time.Millisecond)
		time.Sleep(time.Until(next))
	}
}
`;

async function measure(bench: Bench): Promise<Measured> {
  const viewers = numberFlag('viewers', VIEWERS);
  const { url } = await bench.system();
  const [person] = await signInPair(url);
  const workspace = await openFirst(person);
  const room = await enterRoom(person, workspace.id);
  bench.atEnd(() => room.leave());
  const { doc } = room;
  doc.transact(() => {
    for (const id of filesOf(doc).keys()) filesOf(doc).delete(id);
    createFile(doc, 'go.mod', 'module lesson\n\ngo 1.27\n');
    createFile(doc, 'main.go', program);
  });
  await room.until(({ saved }) => saved);
  // One person may not hold as many sockets as a class has, so everybody who may see the run holds some of them.
  const people = await thoseWhoSee(url, workspace.id);
  const sockets = await Promise.all(
    Array.from({ length: viewers }, (_, nth) =>
      liveSocket(people[nth % people.length] ?? person, { parser: sharedParser }),
    ),
  );
  bench.atEnd(() => sockets.forEach((socket) => socket.disconnect()));
  const lags: Lags = { whole: [], glimpses: [] };
  const views = sockets.map((socket) => view(socket, lags));
  // What fails before they are waited for is to be told.
  for (const one of views) one.catch(() => {});
  await Promise.all(sockets.map((socket) => watchRuns(socket, workspace.id)));
  const { lastFrame, connectionId } = room.state;
  await ask(person, 'startRun', { workspaceId: workspace.id }, { kind: 'run', lastFrame, connectionId });
  const heard = await Promise.all(views);
  const least = Math.min(...heard) / (SECONDS * 1000 * LINE_BYTES);
  return {
    rows: [
      {
        measure: `printed to each of ${viewers} viewers`,
        unit: 'ms',
        ours: summarize([...lags.whole, ...lags.glimpses]),
        peers: {},
        target: { of: 'p95', atMost: TARGET_MS },
      },
      { measure: 'of it: all that is kept, as it comes', unit: 'ms', ours: summarize(lags.whole), peers: {} },
      { measure: 'of it: glimpses of what is not', unit: 'ms', ours: summarize(lags.glimpses), peers: {} },
    ],
    notes: [
      `1 MB/s for ${SECONDS} s, from the program's own clock in its slot to the arrival in this process, which is all viewers at once, on the same machine and clock. Of each event the oldest line counts.`,
      `The viewer that got least got ${(least * 100).toFixed(1)} % of the output to keep: the first mebibyte as it comes, and when the program has ended the last 256 KiB, which no row counts. In between the newest lines are shown ten times a second.`,
      'Every viewer has the workspace open when Run is pressed, as its page has it, and asks for nothing after that.',
      `${people.length} people hold the ${viewers} sockets, at most ${Math.ceil(viewers / people.length)} each; every socket is told everything by itself. A message that several of them get is parsed once in this process, as each browser parses it once; to parse it a hundred times here would take most of a core.`,
    ],
  };
}

/** How long lines were on their way, in milliseconds: while nothing was left out, and of what is shown and not kept. */
type Lags = { readonly whole: number[]; readonly glimpses: number[] };

/** Everybody of the demo who may see the runs of a workspace. */
async function thoseWhoSee(url: string, workspaceId: WorkspaceId): Promise<Person[]> {
  const everybody = await signInAll(url);
  const asked = await Promise.allSettled(everybody.map((one) => ask(one, 'listRuns', { workspaceId })));
  return everybody.filter((_, nth) => asked[nth]?.status === 'fulfilled');
}

/** Has every run that begins in a workspace told. @throws Error when it is refused */
async function watchRuns(socket: LiveSocket, id: WorkspaceId): Promise<void> {
  const reply = await socket.emitWithAck('watch', { stream: 'workspace', id, runs: true });
  if (!reply.ok) throw new Error(`a viewer was refused: ${reply.message}`);
}

/**
 * Hears a run to its end and notes how long lines were on their way.
 * @returns how many characters of output came
 * @throws Error when the socket is lost
 */
function view(socket: LiveSocket, lags: Lags): Promise<number> {
  return new Promise((resolve, reject) => {
    let heard = 0;
    let isWhole = true;
    // The first line of each message has waited longest.
    const lag = (text: string): number[] => {
      const now = (performance.timeOrigin + performance.now()) * 1000;
      const printed = /(?:^|\n)(\d{16}) /.exec(text)?.[1];
      return printed === undefined ? [] : [(now - Number(printed)) / 1000];
    };
    socket.on('run.printing', ({ text }) => void lags.glimpses.push(...lag(text)));
    socket.on('run.events', ({ events }) => {
      for (const { body } of events) {
        if (body.type === 'end') resolve(heard);
        if (body.type !== 'output') continue;
        heard += body.text.length;
        isWhole &&= body.droppedBefore === 0;
        if (isWhole) lags.whole.push(...lag(body.text));
      }
    });
    socket.once('disconnect', (why) => reject(new Error(`a viewer was lost: ${why}`)));
  });
}

await runBench('output', measure);
