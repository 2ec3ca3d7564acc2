// Generates the TypeScript and Go of the contract. `--check` regenerates to a temporary place and fails on a difference.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const here = import.meta.dirname;
const root = path.resolve(here, '../..');
const runner = path.join(root, 'apps/runner');
const targets = { ts: path.join(here, 'src/gen'), go: path.join(runner, 'internal/gen') };
const check = process.argv.includes('--check');
const out = check ? temporaryTargets() : targets;

const goTool = (name) => ['go', '-C', runner, 'tool', name];
const template = {
  version: 'v2',
  clean: true,
  plugins: [
    {
      local: [process.execPath, path.join(root, 'node_modules/@bufbuild/protoc-gen-es/bin/protoc-gen-es')],
      out: out.ts,
      opt: ['target=ts', 'import_extension=ts', 'erasable_syntax=true'],
    },
    { local: goTool('protoc-gen-go'), out: out.go, opt: ['paths=source_relative'] },
    { local: goTool('protoc-gen-connect-go'), out: out.go, opt: ['paths=source_relative'] },
  ],
};
execFileSync(path.join(root, 'node_modules/.bin/buf'), ['generate', '--template', JSON.stringify(template)], {
  cwd: here,
  stdio: 'inherit',
  env: { ...process.env, GOTOOLCHAIN: 'auto', GOFLAGS: '' },
});

if (check) {
  const drifted = Object.keys(targets).filter((kind) => digest(targets[kind]) !== digest(out[kind]));
  for (const kind of drifted)
    console.error(
      `${path.relative(root, targets[kind])} is not what the contract generates: run node libs/runner-protocol/generate.mjs`,
    );
  fs.rmSync(path.dirname(out.ts), { recursive: true, force: true });
  process.exit(drifted.length === 0 ? 0 : 1);
}

function temporaryTargets() {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'lineage-protocol-'));
  return { ts: path.join(dir, 'ts'), go: path.join(dir, 'go') };
}

function digest(dir) {
  const files = fs
    .readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile());
  const named = files.map((file) => path.join(file.parentPath, file.name)).sort();
  return named.map((file) => `${path.relative(dir, file)}\n${fs.readFileSync(file, 'utf8')}`).join('\n');
}
