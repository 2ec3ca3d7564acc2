// Proves that the boundary rules catch what they forbid: a rule that is silently off would pass everything.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { at } from '../setup/paths.mjs';

const forbidden = [
  {
    file: 'libs/domain/src/zz-forbidden.ts',
    text: "import '@lineage/runner-protocol';\n",
    rule: '@nx/enforce-module-boundaries',
  },
  {
    file: 'libs/collab/src/zz-forbidden.ts',
    text: "import '../../../apps/api/src/main.ts';\n",
    rule: '@nx/enforce-module-boundaries',
  },
  {
    file: 'libs/pprof/src/zz-forbidden.ts',
    text: "import '@nestjs/common';\n",
    rule: '@nx/enforce-module-boundaries',
  },
  {
    file: 'apps/api/src/features/runs/zz-forbidden.ts',
    text: "import '../identity/person.ts';\n",
    rule: 'no-restricted-imports',
  },
  {
    file: 'apps/web/src/features/today/zz-forbidden.ts',
    text: "import '../../app/router.tsx';\n",
    rule: 'no-restricted-imports',
  },
];
const files = forbidden.map(({ file }) => at(file));
try {
  for (const [n, { text }] of forbidden.entries()) fs.writeFileSync(files[n], text);
  const eslint = at('node_modules/eslint/bin/eslint.js');
  const { stdout, stderr } = spawnSync(process.execPath, [eslint, '--format', 'json', ...files], {
    encoding: 'utf8',
    cwd: at(),
    maxBuffer: 64 * 1024 ** 2,
  });
  const results = JSON.parse(stdout || '[]');
  for (const { file, rule } of forbidden) {
    const found = results.find(({ filePath }) => filePath === at(file))?.messages ?? [];
    if (found.some(({ ruleId }) => ruleId === rule)) continue;
    process.stderr.write(`${path.basename(rule)} did not catch ${file}. ${stderr}\n`);
    process.exitCode = 1;
  }
} finally {
  for (const file of files) fs.rmSync(file, { force: true });
}
