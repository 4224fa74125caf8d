import { isatty } from 'node:tty';
import { fileURLToPath } from 'node:url';
import { version } from '../package.json';
import { Input } from './pipe/input.ts';

// Reading begins before anything else is loaded: a pipe that nobody reads stops the tests after 64 kB.
const args = process.argv.slice(2);
const isPipe =
  (args[0]?.startsWith('-') ?? true) && !isatty(0) && !args.some((arg) => /^(-h|--help|-V|--version)$/.test(arg));
const input = isPipe ? new Input(process.stdin) : undefined;

// Whoever reads what we print may leave (`| head`): the run goes on, and the exit code is right.
process.stdout.on('error', () => undefined);
process.stderr.on('error', () => undefined);

const { runProgram } = await import('./program.ts');
// The bundle lies in apps/cli/dist, its neighbours in apps/*/dist; in the packed tarball too.
const collectorProgram = fileURLToPath(new URL('../../collector/dist/main.js', import.meta.url));
const snapshotPage = fileURLToPath(new URL('../../web/dist/snapshot.html', import.meta.url));
const code = await runProgram(args, { version, collectorProgram, snapshotPage, input });
for (const stream of [process.stdout, process.stderr]) {
  await new Promise<void>((resolve) => stream.write('', () => resolve()));
}
process.exit(code);
