import { parentPort, workerData } from 'node:worker_threads';
import { LogReader } from './log-reader.ts';
import type { LogRequest } from './log-requests.ts';
import { LogWork } from './log-work.ts';

// Replays logs in a thread of its own, on a connection of its own: typing does not wait for who looks back.
const { url } = workerData as { url: string };
const work = new LogWork(new LogReader(url));
let turn: Promise<unknown> = Promise.resolve();
parentPort?.on('message', (request: LogRequest) => {
  turn = turn.then(async () => parentPort?.postMessage(await work.reply(request)));
});
