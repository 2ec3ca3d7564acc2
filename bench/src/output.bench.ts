// How long a line of a program that prints 1 MB/s takes to reach each of 100 viewers.
import { io } from 'socket.io-client';
import type { ClientToServerEvents, ServerToClientEvents } from '@lineage/contracts';
import type { Socket } from 'socket.io-client';
import { summarize } from './report/statistics.ts';
import { type Bench, type Measured, numberFlag, runBench } from './run-bench.ts';
import { enterRoom } from './system/room-client.ts';
import { ask, type Person, signInPair } from './system/person.ts';
import { openFirst } from './system/workspaces.ts';
import { createFile, filesOf } from '@lineage/collab';

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
  const sockets = await Promise.all(Array.from({ length: viewers }, () => connect(person)));
  bench.atEnd(() => sockets.forEach((socket) => socket.disconnect()));
  const lags: number[] = [];
  const heard = new Array<number>(viewers).fill(0);
  const ended = sockets.map(
    (socket, viewer) =>
      new Promise<void>((resolve) => {
        socket.on('run.events', ({ events }) => {
          const now = (performance.timeOrigin + performance.now()) * 1000;
          for (const { body } of events) {
            if (body.type === 'end') resolve();
            if (body.type !== 'output') continue;
            heard[viewer] = (heard[viewer] ?? 0) + body.text.length;
            // The first line of each event has waited longest.
            const printed = /(?:^|\n)(\d{16}) /.exec(body.text)?.[1];
            if (printed !== undefined) lags.push((now - Number(printed)) / 1000);
          }
        });
      }),
  );
  const { lastFrame, connectionId } = room.state;
  const run = await ask(
    person,
    'startRun',
    { workspaceId: workspace.id },
    { kind: 'run', lastFrame, connectionId },
  );
  for (const socket of sockets) socket.emit('watch', { stream: 'run', id: run.id, after: 0 }, () => {});
  await Promise.all(ended);
  const least = Math.min(...heard) / (SECONDS * 1000 * LINE_BYTES);
  return {
    rows: [
      {
        measure: `printed to each of ${viewers} viewers`,
        unit: 'ms',
        ours: summarize(lags),
        peers: {},
        target: { of: 'p95', atMost: TARGET_MS },
      },
    ],
    notes: [
      `1 MB/s for ${SECONDS} s, from the program's own clock in its slot to the arrival in this process, which is all viewers at once, on the same machine and clock. Of each event the oldest line counts.`,
      `The viewer that got least got ${(least * 100).toFixed(1)} % of the output; what is left out is bounded by the server and said in its place.`,
    ],
  };
}

function connect(person: Person): Promise<Socket<ServerToClientEvents, ClientToServerEvents>> {
  const socket: Socket<ServerToClientEvents, ClientToServerEvents> = io(person.url, {
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
    extraHeaders: { cookie: person.cookie },
  });
  return new Promise((resolve, reject) => {
    socket.once('connect', () => resolve(socket));
    socket.once('connect_error', reject);
  });
}

await runBench('output', measure);
