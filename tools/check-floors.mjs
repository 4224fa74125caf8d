// `node tools/check-floors.mjs`: imports go down only (the third of the three locks). Exit 1 names each that does not.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkFloors } from './floors.mjs';
import { ROOT } from './root.mjs';

/** @type {import('./floors.mjs').FloorPlan} */
const plan = JSON.parse(readFileSync(join(ROOT, 'tools/floors.json'), 'utf8'));

/** @type {Map<string, string>} */
const files = new Map();
for (const folder of ['packages', 'apps', 'e2e', 'bench']) collect(folder);

const found = checkFloors(plan, files);
for (const { from, to, message } of found) console.error(`${from}: ${to === '' ? '' : `${to} `}${message}`);
for (const { from, to, why } of plan.debts) console.log(`debt: ${from} imports ${to}: ${why}`);
console.log(`floors: ${files.size} files, ${found.length} violations, ${plan.debts.length} debts`);
process.exitCode = found.length > 0 ? 1 : 0;

/** @type {(folder: string) => void} */
function collect(folder) {
  for (const entry of readdirSync(join(ROOT, folder), { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory() && !['node_modules', 'dist', 'recordings'].includes(entry.name)) collect(path);
    // A room's sources and tests; its build configuration is not part of it.
    else if (/\.(ts|tsx|mjs)$/.test(entry.name) && !/\.config\.ts$/.test(entry.name)) {
      files.set(path, readFileSync(join(ROOT, path), 'utf8'));
    }
  }
}
