// Records profiles, goroutine profiles as text and coverage: `node record.mjs`, with the `go` of the PATH, into the folder of its
// version; and what `go tool pprof` and `go tool cover` say of them, and of the profiles of `shop`.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const here = import.meta.dirname;
const src = join(here, 'src');
const version = /go\d+\.\d+/.exec(go(['version']))?.[0];
if (version === undefined) throw new Error('no go on the PATH');
const out = join(here, version);
mkdirSync(out, { recursive: true });

const env = { OUT: out, GOEXPERIMENT: version === 'go1.26' ? 'goroutineleakprofile' : '' };
const test = ['test', '-count=1', '-trimpath', `-outputdir=${out}`];
go([...test, '-cpuprofile=cpu.pprof', '-blockprofile=block.pprof', '-o=/dev/null', './busy'], env);
const coverpkg = '-coverpkg=./price,./busy';
for (const mode of ['set', 'count', 'atomic']) {
  go([...test, `-covermode=${mode}`, `-coverprofile=${mode}.cover`, coverpkg, './price', './busy'], env);
}
// The tests under coverage wrote their profiles, too; those of the plain run are wanted.
go([...test, '-cpuprofile=cpu.pprof', '-blockprofile=block.pprof', '-o=/dev/null', './busy'], env);
for (const mode of ['set', 'count']) {
  writeFileSync(join(out, `${mode}.cover.func`), go(['tool', 'cover', `-func=${join(out, `${mode}.cover`)}`]));
}

const folders = [out, ...['go1.22', 'go1.27'].map((release) => join(here, '../shop', release))];
for (const folder of folders) {
  const found = readdirSync(folder).filter((file) => file.endsWith('.pprof'));
  const told = Object.fromEntries(found.map((file) => [file, topOf(join(folder, file))]));
  writeFileSync(join(folder, 'pprof.oracle.json'), JSON.stringify(told, undefined, 1) + '\n');
}

/**
 * For each sample type: `flat cum function`, exact.
 *
 * @param {string} file
 */
function topOf(file) {
  const types = /Samples:\n(.*)/.exec(go(['tool', 'pprof', '-raw', file]))?.[1]?.trim().split(/\s+/) ?? [];
  return Object.fromEntries(
    types.map((type, index) => {
      const [name = '', unit] = type.replace('[dflt]', '').split('/');
      const small = unit === 'nanoseconds' ? 'ns' : unit === 'bytes' ? 'B' : '';
      const exact = ['-nodecount=0', '-nodefraction=0', '-edgefraction=0', `-sample_index=${index}`];
      const text = go(['tool', 'pprof', '-top', ...exact, ...(small === '' ? [] : [`-unit=${small}`]), file]);
      const rows = text.split('cum%\n')[1]?.split('\n').filter((row) => row !== '') ?? [];
      const top = rows.map((row) => {
        const [flat = '', , , cum = '', , ...func] = row.trim().split(/\s+/);
        const names = func.filter((word) => !/^\((partial-)?inline\)$/.test(word));
        return `${Number.parseInt(flat, 10)} ${Number.parseInt(cum, 10)} ${names.join(' ')}`;
      });
      return [name, top];
    }),
  );
}

/**
 * @param {readonly string[]} args
 * @param {Readonly<Record<string, string>>} [more]
 */
function go(args, more = {}) {
  const { stdout, stderr, status } = spawnSync('go', args, {
    cwd: src,
    env: { ...process.env, GOTOOLCHAIN: 'local', ...more },
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(`go ${args.join(' ')}\n${stdout}${stderr}`);
  return stdout;
}
