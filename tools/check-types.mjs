// `node tools/check-types.mjs`: every TypeScript project, two at a time; incremental, so the second run is quick.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from './root.mjs';

const PROJECTS = [
  'tsconfig.node.json',
  'tsconfig.pure.json',
  'apps/web/tsconfig.json',
  'apps/web/tsconfig.test.json',
  'tsconfig.e2e.json',
];
const TSC = join(ROOT, 'node_modules/typescript/bin/tsc');

const queue = [...PROJECTS];
/** @type {string[]} */
const failed = [];
await Promise.all([work(), work()]);
console.log(`types: ${PROJECTS.length} projects, ${failed.length} with errors`);
process.exitCode = failed.length > 0 ? 1 : 0;

async function work() {
  for (let project = queue.shift(); project !== undefined; project = queue.shift()) await check(project);
}

/** @type {(project: string) => Promise<void>} */
function check(project) {
  const cache = `node_modules/.cache/tsc/${project.replaceAll('/', '-')}.tsbuildinfo`;
  const args = [TSC, '-p', project, '--incremental', '--tsBuildInfoFile', cache, '--pretty', 'false'];
  return new Promise((done) => {
    execFile(process.execPath, args, { cwd: ROOT, maxBuffer: 2 ** 26 }, (error, stdout) => {
      if (error !== null) {
        failed.push(project);
        process.stderr.write(`${project}\n${stdout}`);
      }
      done();
    });
  });
}
