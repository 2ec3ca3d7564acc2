// What may be in the product. A package with another licence is looked at by a person before it is added here.
import fs from 'node:fs';
import { at } from '../setup/paths.mjs';

const allowed =
  /^\(?(MIT|MIT-0|ISC|Apache-2\.0|BSD-2-Clause|BSD-3-Clause|0BSD|CC0-1\.0|CC-BY-4\.0|BlueOak-1\.0\.0|Python-2\.0|Unlicense|WTFPL|PostgreSQL|OFL-1\.1|MPL-2\.0|Artistic-2\.0|Zlib)\b/;
const { packages } = JSON.parse(fs.readFileSync(at('package-lock.json'), 'utf8'));
const wrong = Object.entries(packages)
  .filter(([name, entry]) => name.startsWith('node_modules/') && entry.link !== true)
  .map(([name, { license }]) => ({ name, license: license ?? installedLicence(name) }))
  .filter(({ license }) => license !== null && !allowed.test(license));
for (const { name, license } of wrong) process.stderr.write(`${name} has the licence ${license}\n`);
process.exit(wrong.length === 0 ? 0 : 1);

/** Null for a package of another platform, which is not installed here. */
function installedLicence(name) {
  const file = at(name, 'package.json');
  if (!fs.existsSync(file)) return null;
  const { license, licenses } = JSON.parse(fs.readFileSync(file, 'utf8'));
  return String(license?.type ?? license ?? licenses?.[0]?.type ?? 'none');
}
