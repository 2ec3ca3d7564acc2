// What can be said of the compose file and the images where there is no Docker: that everything they name is there.
// Where `docker compose` is, it judges its file itself.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { at } from '../setup/paths.mjs';

const problems = [];
const require = (holds, problem) => {
  if (!holds) problems.push(problem);
};

/** Of the Compose specification what we use; a word that is none of these is a slip, which Docker would refuse. */
const serviceKeys = new Set(
  (
    'image build depends_on environment ports volumes tmpfs shm_size mem_limit pids_limit read_only cap_drop security_opt ' +
    'stop_grace_period restart healthcheck profiles command'
  ).split(' '),
);

const dockerfile = 'infra/images/Dockerfile';
const { stages, copies } = readDockerfile(fs.readFileSync(at(dockerfile), 'utf8'));
for (const { stage, from, sources } of copies) {
  if (from !== null)
    require(stages.includes(from), `${dockerfile}: ${stage} copies from ${from}, which is no stage`);
  else
    for (const source of sources)
      require(isInContext(source), `${dockerfile}: ${stage} copies ${source}, which is not there`);
}

// A pod cannot prepare what its image lacks.
const experiments = /^var experiments = \[\]string\{(.*)\}$/m.exec(
  fs.readFileSync(at('apps/runner/internal/variant/experiment.go'), 'utf8'),
)?.[1];
const known = [...(experiments ?? '').matchAll(/"(\w+)"/g)].map(([, name]) => name);
const prepared = /^ARG EXPERIMENTS=(.*)$/m.exec(fs.readFileSync(at(dockerfile), 'utf8'))?.[1];
require(known.length > 0 &&
  known.join() === prepared, `${dockerfile}: prepares ${prepared}, the agent offers ${known}`);

const { services, volumes } = parse(fs.readFileSync(at('docker-compose.yml'), 'utf8'));
for (const [name, service] of Object.entries(services)) {
  for (const key of Object.keys(service))
    require(serviceKeys.has(key), `${name}: "${key}" is no word that we use`);
  const health = service.healthcheck?.test;
  const isCommand = Array.isArray(health) && health.every((word) => typeof word === 'string');
  require(isCommand, `${name} has no health check that is a list of words`);
  for (const other of Object.keys(service.depends_on ?? {}))
    require(other in services, `${name} depends on ${other}, which is no service`);
  for (const volume of service.volumes ?? []) {
    const [source] = volume.split(':');
    require(source in volumes, `${name} uses the volume ${source}, which is not declared`);
  }
  for (const port of service.ports ?? [])
    require(port.startsWith('127.0.0.1:'), `${name} opens a port to other machines`);
  if (service.build === undefined) continue;
  require(service.build.dockerfile === dockerfile, `${name} is built from ${service.build.dockerfile}`);
  require(stages.includes(
    service.build.target,
  ), `${name} is the target ${service.build.target}, which is no stage`);
}

if (spawnSync('docker', ['compose', 'version']).status === 0) {
  const judged = spawnSync('docker', ['compose', '--file', at('docker-compose.yml'), 'config', '--quiet'], {
    encoding: 'utf8',
  });
  require(judged.status === 0, judged.stderr);
}

for (const problem of problems) process.stderr.write(`${problem}\n`);
process.exitCode = problems.length === 0 ? 0 : 1;

/** Stages, and what each copies; `from` is null for the build's context. */
function readDockerfile(text) {
  const stages = [];
  const copies = [];
  for (const line of text.replaceAll('\\\n', ' ').split('\n')) {
    const [word, ...rest] = line.trim().split(/\s+/);
    if (word === 'FROM') stages.push(rest[2] ?? rest[0]);
    if (word !== 'COPY') continue;
    const from = rest.find((part) => part.startsWith('--from='))?.slice('--from='.length) ?? null;
    const sources = rest.filter((part) => !part.startsWith('--')).slice(0, -1);
    copies.push({ stage: stages.at(-1), from, sources });
  }
  return { stages, copies };
}

function isInContext(source) {
  return fs.existsSync(path.join(at(), source));
}
