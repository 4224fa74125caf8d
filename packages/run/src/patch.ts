import {
  decodeContainer,
  encodeContainer,
  iterateRows,
  rowAt,
  RowsDraft,
  visitChangedRows,
  type Column,
  type Ns,
  type Rows,
} from '@observe/base';
import { testOutcome } from '@observe/protocol';
import { grown } from './growth.ts';
import { NameIndex } from './names.ts';
import {
  EMPTY_SCAN,
  NO_OUTPUT,
  PHASES,
  type BuildState,
  type OutputRanges,
  type PackageState,
  type RunState,
  type TestKind,
  type TestState,
} from './state.ts';

/*
 * What changed between two states of one run, as binary columns: how a viewer's state follows the collector's.
 * A patch from the empty state is a checkpoint. Output ranges stay behind (a viewer asks for output by row),
 * and so does what only the fold needs. Both ends are of one build (the protocol's version says so).
 */

const OUTCOMES = testOutcome.options;
const KINDS: readonly TestKind[] = ['test', 'benchmark', 'example', 'fuzz'];
/** Stands for undefined in a column of phases. */
const OVER = 255;

const F64 = ['startNs', 'endNs', 'reportedNs', 'closedNs', 'elapsedNs'] as const;
const I32 = ['package', 'occurrence', 'parent', 'children', 'lastChild', 'prevSibling', 'openParallel'] as const;

type Rare = Pick<TestState, 'lost' | 'repaired' | 'more'>;
interface PatchJson {
  readonly run: Omit<RunState, 'packages' | 'tests' | 'builds' | 'names' | 'quality' | 'processes' | 'artifacts'>;
  /** Absent when they are as before. */
  readonly processes?: RunState['processes'];
  readonly artifacts?: RunState['artifacts'];
  readonly quality: Omit<RunState['quality'], 'unknownActions'> & {
    unknownActions: readonly (readonly [string, number])[];
  };
  readonly packages: readonly Omit<PackageState, 'tests' | 'testCount' | 'scan'>[];
  readonly builds: readonly BuildState[];
  /** Rows before the patch, to see that it fits. */
  readonly base: { readonly seq: number; readonly tests: number };
  /** Names of the rows that are new, in order. */
  readonly names: readonly string[];
  /** Index in the columns → what few rows have. */
  readonly rare: Readonly<Record<number, Rare>>;
}

export function encodePatch(from: RunState, to: RunState): Uint8Array<ArrayBuffer> {
  const changed: TestState[] = [];
  visitChangedRows(from.tests, to.tests, (test) => changed.push(test));
  const columns: Record<string, Column> = { row: Int32Array.from(changed, (t) => t.row) };
  for (const name of F64) columns[name] = Float64Array.from(changed, (t) => t[name] ?? NaN);
  for (const name of I32) columns[name] = Int32Array.from(changed, (t) => t[name]);
  columns.kind = Uint8Array.from(changed, (t) => KINDS.indexOf(t.kind));
  columns.outcome = Uint8Array.from(changed, (t) => OUTCOMES.indexOf(t.outcome));
  columns.phase = Uint8Array.from(changed, (t) => (t.phase === undefined ? OVER : PHASES.indexOf(t.phase)));
  columns.isParallel = Uint8Array.from(changed, (t) => (t.isParallel ? 1 : 0));
  columns.chars = Float64Array.from(changed, (t) => t.output.chars);
  columns.lines = Float64Array.from(changed, (t) => t.output.lines);
  // Segments only grow: what the viewer has of a test is not sent again.
  const had = changed.map((t) => rowAt(from.tests, t.row)?.segmentLength ?? 0);
  columns.segmentsHad = Int32Array.from(had);
  columns.segmentLength = Int32Array.from(changed, (t) => t.segmentLength);
  columns.segments = Float64Array.from(changed.flatMap((t, i) => t.segments.slice(had[i], t.segmentLength)));

  const rare: Record<number, Rare> = {};
  changed.forEach(({ lost, repaired, more }, i) => {
    if (lost !== undefined || more !== undefined || repaired.length > 0) rare[i] = { lost, repaired, more };
  });
  const { packages, tests: _tests, builds, names: _names, quality, processes, artifacts, ...run } = to;
  const packageRows: PatchJson['packages'][number][] = [];
  visitChangedRows(from.packages, packages, ({ tests: _rows, testCount: _count, scan: _scan, ...pkg }) => {
    packageRows.push({ ...pkg, output: sizeOf(pkg.output), processOutput: sizeOf(pkg.processOutput) });
  });
  const buildRows: BuildState[] = [];
  visitChangedRows(from.builds, builds, (build) => buildRows.push({ ...build, output: sizeOf(build.output) }));
  const json: PatchJson = {
    run,
    ...(processes === from.processes ? {} : { processes }),
    ...(artifacts === from.artifacts ? {} : { artifacts }),
    quality: { ...quality, strayOutput: sizeOf(quality.strayOutput), unknownActions: [...quality.unknownActions] },
    packages: packageRows,
    builds: buildRows,
    base: { seq: from.seq, tests: from.tests.length },
    names: changed.filter((t) => t.row >= from.tests.length).map((t) => t.name),
    rare,
  };
  return encodeContainer({ json, columns });
}

/** The state after the patch; undefined when the bytes are no patch, or one of another state than `state`. */
export function applyPatch(state: RunState, bytes: Uint8Array): RunState | undefined {
  const container = decodeContainer(bytes);
  const json = container?.json as PatchJson | undefined;
  if (container === undefined || json?.base.seq !== state.seq || json.base.tests !== state.tests.length)
    return undefined;
  const { columns } = container;
  const tests = new RowsDraft(state.tests);
  const added = new Map<number, { tests: readonly number[]; count: number }>();
  const rows = columns.row ?? new Int32Array();
  let segmentAt = 0;
  let nameAt = 0;
  for (let i = 0; i < rows.length; i++) {
    const row = at(columns, 'row', i);
    const isNew = row >= state.tests.length;
    const known = rowAt(state.tests, row);
    const [had, length] = [at(columns, 'segmentsHad', i), at(columns, 'segmentLength', i)];
    const segmentEnd = segmentAt + length - had;
    let segments = known?.segments ?? [];
    for (let s = segmentAt; s < segmentEnd; s++) {
      segments = grown(segments, had + s - segmentAt, columns.segments?.[s] ?? 0);
    }
    const test = readTest(columns, i, {
      name: isNew ? (json.names[nameAt++] ?? '') : (known?.name ?? ''),
      segments,
      rare: json.rare[i],
    });
    segmentAt = segmentEnd;
    tests.set(row, test);
    if (isNew) {
      const pkg = rowAt(state.packages, test.package);
      const list = added.get(test.package) ?? { tests: pkg?.tests ?? [], count: pkg?.testCount ?? 0 };
      added.set(test.package, { tests: grown(list.tests, list.count, row), count: list.count + 1 });
    }
  }
  const packages = new RowsDraft(state.packages);
  for (const pkg of json.packages) {
    const known = rowAt(state.packages, pkg.row);
    const list = added.get(pkg.row) ?? { tests: known?.tests ?? [], count: known?.testCount ?? 0 };
    packages.set(pkg.row, { ...pkg, tests: list.tests, testCount: list.count, scan: EMPTY_SCAN });
  }
  return {
    ...json.run,
    processes: json.processes ?? state.processes,
    artifacts: json.artifacts ?? state.artifacts,
    quality: { ...json.quality, unknownActions: new Map(json.quality.unknownActions) },
    tests: tests.finish(),
    packages: packages.finish(),
    builds: withRows(state.builds, json.builds),
    names: new NameIndex(),
  };
}

function withRows<T extends { readonly row: number }>(rows: Rows<T>, changed: readonly T[]): Rows<T> {
  const draft = new RowsDraft(rows);
  for (const row of changed) draft.set(row.row, row);
  return draft.finish();
}

function readTest(
  columns: Readonly<Record<string, Column>>,
  i: number,
  { name, segments, rare }: { name: string; segments: readonly number[]; rare: Rare | undefined },
): TestState {
  const time = (column: string): Ns | undefined => {
    const value = at(columns, column, i);
    return Number.isNaN(value) ? undefined : (value as Ns);
  };
  const phase = at(columns, 'phase', i);
  return {
    row: at(columns, 'row', i),
    package: at(columns, 'package', i),
    name,
    occurrence: at(columns, 'occurrence', i),
    parent: at(columns, 'parent', i),
    kind: KINDS[at(columns, 'kind', i)] ?? 'test',
    outcome: OUTCOMES[at(columns, 'outcome', i)] ?? 'running',
    phase: phase === OVER ? undefined : PHASES[phase],
    startNs: time('startNs'),
    endNs: time('endNs'),
    reportedNs: time('reportedNs'),
    closedNs: time('closedNs'),
    elapsedNs: time('elapsedNs'),
    segments,
    segmentLength: at(columns, 'segmentLength', i),
    output: { ...NO_OUTPUT, chars: at(columns, 'chars', i), lines: at(columns, 'lines', i) },
    children: at(columns, 'children', i),
    lastChild: at(columns, 'lastChild', i),
    prevSibling: at(columns, 'prevSibling', i),
    isParallel: at(columns, 'isParallel', i) === 1,
    openParallel: at(columns, 'openParallel', i),
    paused: [],
    pausedCount: 0,
    lost: rare?.lost,
    repaired: rare?.repaired ?? [],
    more: rare?.more,
  };
}

const at = (columns: Readonly<Record<string, Column>>, name: string, i: number): number => columns[name]?.[i] ?? 0;

const sizeOf = (output: OutputRanges): OutputRanges => ({ ...NO_OUTPUT, chars: output.chars, lines: output.lines });

/** A state as a viewer has it: without output ranges and without what only the fold needs. For tests of agreement. */
export function viewOf(state: RunState): unknown {
  return {
    ...(({ names: _names, packages: _packages, tests: _tests, builds: _builds, quality: _quality, ...run }) => run)(
      state,
    ),
    quality: {
      ...state.quality,
      strayOutput: sizeOf(state.quality.strayOutput),
      unknownActions: [...state.quality.unknownActions],
    },
    packages: [...iterateRows(state.packages)].map(({ scan: _scan, tests, testCount, ...pkg }) => ({
      ...pkg,
      tests: tests.slice(0, testCount),
      output: sizeOf(pkg.output),
      processOutput: sizeOf(pkg.processOutput),
    })),
    tests: [...iterateRows(state.tests)].map(({ paused: _paused, pausedCount: _count, ...test }) => ({
      ...test,
      segments: test.segments.slice(0, test.segmentLength),
      output: sizeOf(test.output),
    })),
    builds: [...iterateRows(state.builds)].map((build) => ({ ...build, output: sizeOf(build.output) })),
  };
}
