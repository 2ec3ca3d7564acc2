// Makes the profiles beside this file and what `go tool pprof` says of them. Wants Go 1.25 or later on PATH.
// `node regenerate.mjs` writes both; `node regenerate.mjs --goldens` keeps the profiles and asks pprof again.
import { execFileSync } from 'node:child_process';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const here = import.meta.dirname;
const go = (args, cwd = here) =>
  execFileSync('go', args, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, GOFLAGS: '', GOTOOLCHAIN: 'local', PPROF_NO_BROWSER: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });

/** Every kind of value of each profile, and the unit in which pprof prints it without rounding. */
const kinds = {
  cpu: { samples: 'count', cpu: 'ns' },
  heap: { alloc_objects: 'count', alloc_space: 'B', inuse_objects: 'count', inuse_space: 'B' },
  allocs: { alloc_objects: 'count', alloc_space: 'B', inuse_objects: 'count', inuse_space: 'B' },
  goroutine: { goroutine: 'count' },
  mutex: { contentions: 'count', delay: 'ns' },
  block: { contentions: 'count', delay: 'ns' },
};
const whole = ['-nodecount=0', '-nodefraction=0', '-edgefraction=0'];

if (!process.argv.includes('--goldens')) go(['run', '-trimpath', '.', here], path.join(here, 'workload'));
for (const name of readdirSync(here).filter((file) => file.endsWith('.txt'))) rmSync(path.join(here, name));
for (const [profile, types] of Object.entries(kinds))
  for (const [type, unit] of Object.entries(types))
    for (const granularity of ['functions', 'lines'])
      writeFileSync(
        path.join(here, `${profile}.${type}.${granularity}.txt`),
        go([
          'tool',
          'pprof',
          '-top',
          ...whole,
          `-${granularity}`,
          `-unit=${unit}`,
          `-sample_index=${type}`,
          path.join(here, `${profile}.pb.gz`),
        ]),
      );
