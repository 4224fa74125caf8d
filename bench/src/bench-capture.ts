import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { interleaved, median, timed, type Timed } from './measure.ts';
import { OBSERVE, openHome } from './observed.ts';
import type { Row } from './report.ts';

/** What is run: the arguments of `go test`, and where. */
export interface Subject {
  readonly dir: string;
  readonly args: readonly string[];
}

/** Most of its time it waits for its own servers; some thousands of goroutines. */
export const netHttp = (): Subject => ({ dir: tmpdir(), args: ['-short', 'net/http'] });

/** Nothing but computing, on every processor: a tracer has nothing to hide behind. */
export function computing(): Subject {
  const dir = mkdtempSync(join(tmpdir(), 'observe-computing-'));
  const files = {
    'go.mod': 'module example.com/computing\n\ngo 1.22\n',
    'computing_test.go': `package computing

import (
	"bytes"
	"compress/flate"
	"sort"
	"testing"
)

func work(seed int) int {
	values := make([]int, 200_000)
	for i := range values {
		seed = seed*1103515245 + 12345
		values[i] = seed & 0xffff
	}
	sort.Ints(values)
	var out bytes.Buffer
	w, _ := flate.NewWriter(&out, 6)
	for _, v := range values {
		w.Write([]byte{byte(v), byte(v >> 8)})
	}
	w.Close()
	return out.Len()
}

func TestComputing(t *testing.T) {
	for range 40 {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			for seed := range 4 {
				work(seed)
			}
		})
	}
}
`,
  };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), text);
  }
  process.on('exit', () => rmSync(dir, { recursive: true, force: true }));
  return { dir, args: ['.'] };
}

/** Runs a command with its stdout in a file; then prints what processor time it took, and the last lines of that. */
const SCRIPT = 'cd "$0" && out=$1 && shift && "$@" >"$out"; times; tail -n 3 "$out"';

/** Of the children: the second line that `times` prints, `0m1.50s 0m0.25s`. Without the collector, which runs on. */
function cpuSecondsIn(stdout: string): number {
  const [, children = ''] = stdout.split('\n');
  return [...children.matchAll(/(\d+)m([\d.]+)s/g)].reduce((sum, [, min, s]) => sum + Number(min) * 60 + Number(s), 0);
}

/** `observe test`, with a collector that runs, against `go test -json`, and against `go test` with nothing but a trace. */
export async function benchCapture({ dir, args }: Subject, rounds: number): Promise<Row[]> {
  const home = await openHome();
  const trace = join(mkdtempSync(join(tmpdir(), 'observe-traced-')), 'trace');
  try {
    const inDir =
      (...command: string[]) =>
      (): Promise<Timed> =>
        timed(['sh', '-c', SCRIPT, dir, join(dirname(trace), 'out'), ...command], home.env);
    const [plain = [], traced = [], observed = []] = await interleaved(rounds, [
      inDir('go', 'test', '-json', '-count=1', ...args),
      inDir('go', 'test', '-json', '-count=1', '-o', '/dev/null', `-trace=${trace}`, ...args),
      inDir(process.execPath, OBSERVE, 'test', ...args),
    ]);
    if (!observed.every((run) => run.stdout.includes('/runs/'))) throw new Error('a run did not reach the collector');
    // Pair by pair: what else the machine does then is in both.
    const ratio = (of: readonly Timed[], to: readonly Timed[]): number =>
      median(of.map((run, i) => run.ms / (to[i]?.ms ?? NaN)));
    const cpu = (of: readonly Timed[]): number => median(of.map(({ stdout }) => cpuSecondsIn(stdout)));
    const seconds = (of: readonly Timed[]): string => `${(median(of.map((run) => run.ms)) / 1000).toFixed(2)} s`;
    const cost = ratio(observed, plain);
    return [
      { what: 'go test -json -count=1', value: seconds(plain) },
      {
        what: 'observe test',
        value: `${seconds(observed)}; ${cost.toFixed(3)} ×`,
        goal: '≤ 1.05 ×',
        isMet: cost <= 1.05,
      },
      {
        what: 'processor time: go test -json · with -trace · observe test',
        value: [plain, traced, observed].map((runs) => `${cpu(runs).toFixed(2)} s`).join(' · '),
      },
      { what: 'go test -json -trace alone', value: `${seconds(traced)}; ${ratio(traced, plain).toFixed(3)} ×` },
      { what: 'the trace', value: `${(readFileSync(trace).byteLength / 1e6).toFixed(1)} MB` },
    ];
  } finally {
    home.close();
    rmSync(dirname(trace), { recursive: true, force: true });
  }
}
