// Program: `npm run bench [name…]` comes here. Prints Markdown tables for docs/benchmarks.md.
import { cpus, totalmem } from 'node:os';
import { benchCapture, computing, netHttp } from './bench-capture.ts';
import { benchChart, benchTraceMemory } from './bench-chart.ts';
import { benchLanes } from './bench-lanes.ts';
import { benchLatency } from './bench-latency.ts';
import { benchLiveTrace } from './bench-live-trace.ts';
import { benchMemory, benchPipe } from './bench-pipe.ts';
import { benchStart } from './bench-start.ts';
import { benchStream } from './bench-stream.ts';
import { benchTrace } from './bench-trace.ts';
import { print, type Row } from './report.ts';
import { streamFile } from './stream/cache.ts';
import { traceFiles, type TraceFiles } from './trace-files.ts';
import { GIGABYTE, PACKAGES, SUBTESTS } from './stream/shapes.ts';

/** Of the generator; a change of what it writes bumps it. */
const GENERATOR = '1';
const ROUNDS = 5;
/** The difference that is looked for is smaller than what else a run varies by. */
const CAPTURE_ROUNDS = 7;

const BENCHES: Readonly<Record<string, readonly (readonly [title: string, run: () => Promise<Row[]>])[]>> = {
  stream: [
    [
      'stream: 1,000,000 events, 100,000 tests in 200 packages',
      () => benchStream(streamFile(PACKAGES, GENERATOR), ROUNDS),
    ],
    [
      'stream: 1,000,000 events, 100,000 subtests in one package',
      () => benchStream(streamFile(SUBTESTS, GENERATOR), ROUNDS),
    ],
  ],
  pipe: [
    ['pipe: 1,000,000 events, 200 packages', () => benchPipe(streamFile(PACKAGES, GENERATOR), ROUNDS)],
    ['pipe: 1,000,000 events, one package', () => benchPipe(streamFile(SUBTESTS, GENERATOR), ROUNDS)],
  ],
  trace: [
    ['trace: the tests of net/http', () => trace(({ netHttp }) => netHttp)],
    ['trace: a program that is traced for nothing else', () => trace(({ generated }) => generated)],
  ],
  live: [['live: the tests of net/http, while they run', () => live()]],
  lanes: [
    ['lanes: the tests of net/http, over and over', () => lanes(({ netHttp }) => netHttp)],
    ['lanes: a program that is traced for nothing else, over and over', () => lanes(({ generated }) => generated)],
  ],
  capture: [
    ['capture: the tests of net/http, -short', () => benchCapture(netHttp(), CAPTURE_ROUNDS)],
    ['capture: tests that only compute', () => benchCapture(computing(), CAPTURE_ROUNDS)],
  ],
  chart: [
    ['chart: a trace that grows, in the page', chart],
    ['chart: a large trace beside a run', () => large()],
  ],
  memory: [['memory: a stream of 1 GB', () => benchMemory(streamFile(GIGABYTE, GENERATOR))]],
  start: [['start', () => benchStart(ROUNDS)]],
  latency: [['latency', latency]],
};

const NO_TRACES: readonly Row[] = [{ what: 'traces', value: 'not measured: no Go here, or none that builds the peer' }];

async function live(): Promise<Row[]> {
  const files = traceFiles();
  return files === undefined ? [...NO_TRACES] : benchLiveTrace(files.netHttpTests);
}

async function lanes(pick: (files: TraceFiles) => string): Promise<Row[]> {
  const files = traceFiles();
  return files === undefined ? [...NO_TRACES] : benchLanes(pick(files));
}

async function trace(pick: (files: TraceFiles) => string): Promise<Row[]> {
  const files = traceFiles();
  if (files === undefined) return [...NO_TRACES];
  return benchTrace(pick(files), files.peer, ROUNDS);
}

async function chart(): Promise<Row[]> {
  const chromiumPath = process.env.CHROMIUM;
  return chromiumPath === undefined
    ? [{ what: 'charts', value: 'not measured: no Chromium here' }]
    : benchChart(chromiumPath);
}

async function large(): Promise<Row[]> {
  const files = traceFiles();
  return files === undefined ? [...NO_TRACES] : benchTraceMemory(files.generated);
}

async function latency(): Promise<Row[]> {
  const chromiumPath = process.env.CHROMIUM;
  if (chromiumPath === undefined)
    return [{ what: 'a line printed → in the page', value: 'not measured: no Chromium here' }];
  return benchLatency(chromiumPath);
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in BENCHES));
if (unknown.length > 0) {
  console.error(`no benchmark ${unknown.join(', ')}; there are: ${Object.keys(BENCHES).join(', ')}`);
  process.exit(2);
}
const [cpu] = cpus();
console.log(
  `${cpus().length} × ${cpu?.model.trim() ?? 'unknown CPU'}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform}, Node ${process.version}, medians of ${ROUNDS} interleaved rounds`,
);
for (const [name, benches] of Object.entries(BENCHES)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  for (const [title, run] of benches) print(title, await run());
}
