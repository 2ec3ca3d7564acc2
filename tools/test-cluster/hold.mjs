// Has a cluster for as long as its standard input is open: says { env } or { missing } in one line of JSON, for a
// benchmark that is no .mjs.
import { findCluster } from './find-cluster.mjs';

const say = process.stdout.write.bind(process.stdout);
// What the steps print is for people.
process.stdout.write = process.stderr.write.bind(process.stderr);
const { env, missing, end } = await findCluster();
say(`${JSON.stringify(missing === undefined ? { env } : { missing })}\n`);
for await (const _ of process.stdin);
await end?.();
