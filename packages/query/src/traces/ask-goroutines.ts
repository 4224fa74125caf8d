import { rowAt } from '@observe/base';
import { NONE, OPEN } from '@observe/gotrace';
import {
  SCHEMA,
  type GoroutineGroup,
  type GoroutinesAnswer,
  type ShownGoroutine,
  type ShownOwner,
  type TestGoroutines,
} from '@observe/protocol';
import { OWNER, OWNER_KINDS, TEST_WAITS, type RunState } from '@observe/run';
import { goStateName } from './go-states.ts';
import { StackList } from './stack-list.ts';
import type { TracedProcess } from './traced-process.ts';

/** Goroutines of one process that were asked for. */
export interface Chosen {
  readonly process: TracedProcess;
  /** Row of the owner; NONE: all but the runtime's. */
  readonly owner: number;
}

interface Row {
  readonly process: TracedProcess;
  readonly row: number;
}

export function askGoroutines(
  run: RunState,
  chosen: readonly Chosen[],
  page: { readonly from: number; readonly limit: number },
  account: TestGoroutines | null,
): GoroutinesAnswer {
  const rows = chosen.flatMap(rowsOf);
  const isAlive = ({ process, row }: Row): boolean => process.trace.goroutines.isAlive(row);
  const alive = rows.filter(isAlive);
  const ordered = [...alive, ...rows.filter((row) => !isAlive(row))];
  const stacks = new StackList();
  const tips = chosen.map(({ process }) => process.runNs(process.trace.extent.endNs)).filter((tip) => tip !== null);
  return {
    schema: SCHEMA,
    total: rows.length,
    alive: alive.length,
    from: page.from,
    tipNs: tips.length === 0 ? null : Math.max(...tips),
    account,
    groups: groupsOf(rows, stacks),
    goroutines: ordered.slice(page.from, page.from + page.limit).map((row) => shown(run, row, stacks)),
    stacks: stacks.stacks,
  };
}

function rowsOf({ process, owner }: Chosen): Row[] {
  const { goroutines } = process.trace;
  const rows: Row[] = [];
  for (let row = 0; row < goroutines.length; row++) {
    const its = goroutines.owner.values[row] as number;
    if (owner === NONE ? its !== OWNER.runtime : its === owner) rows.push({ process, row });
  }
  return rows;
}

function shown(run: RunState, { process, row }: Row, stacks: StackList): ShownGoroutine {
  const { trace } = process;
  const { goroutines, symbols } = trace;
  const parent = goroutines.parent.values[row] as number;
  const startFunc = goroutines.startFunc.values[row] as number;
  const owner = goroutines.owner.values[row] as number;
  return {
    process: process.artifact,
    goid: goroutines.goid.values[row] as number,
    parentGoid: parent === NONE ? null : (goroutines.goid.values[parent] as number),
    startFunc: startFunc === NONE ? null : symbols.string(startFunc),
    owner: ownerOf(run, process, owner),
    isTest: trace.owners.root.values[owner] === row,
    createdNs: process.runNs(goroutines.createdNs.values[row] as number),
    endedNs: process.runNs(goroutines.endedNs.values[row] as number),
    outlivesTest: outlivesTest(process, row),
    createdAt: stacks.indexOf(symbols, goroutines.createStack.values[row] as number),
    now: nowOf(process, row, stacks),
  };
}

/** Whose goroutines an owner's are, with the test of the stream where there is one. */
export function ownerOf(run: RunState, process: TracedProcess, owner: number): ShownOwner {
  const kind = OWNER_KINDS[process.trace.owners.kind.values[owner] as number] ?? 'unknown';
  const test = rowAt(run.tests, process.pairs?.testOf(owner) ?? NONE);
  return test === undefined ? { kind } : { kind, test: test.name, occurrence: test.occurrence, row: test.row };
}

function nowOf(process: TracedProcess, row: number, stacks: StackList): ShownGoroutine['now'] {
  const { goroutines, symbols, reasons, facts } = process.trace;
  const state = goStateName(goroutines.state.values[row] as number);
  if (!goroutines.isAlive(row) || state === undefined) return null;
  const stack = goroutines.stack.values[row] as number;
  const testingWait = state === 'waiting' ? TEST_WAITS[facts.testWaitOf(stack)] : undefined;
  return {
    state,
    reason: state === 'waiting' ? (reasons[goroutines.reason.values[row] as number] ?? '') : '',
    sinceNs: process.runNs(goroutines.sinceNs.values[row] as number),
    stack: stacks.indexOf(symbols, stack),
    ...(testingWait === undefined ? {} : { testingWait }),
  };
}

/** Alive after the end of the goroutine that ran its test. */
function outlivesTest({ trace }: TracedProcess, row: number): boolean {
  const { goroutines, owners } = trace;
  const owner = goroutines.owner.values[row] as number;
  const endedNs = owners.endedNs.values[owner] as number;
  return owners.isTest(owner) && endedNs !== OPEN && (goroutines.endedNs.values[row] as number) > endedNs;
}

/** A group while it is filled; places where its goroutines stand by stack, state and reason. */
type Group = Omit<GoroutineGroup, 'standing' | 'count' | 'alive' | 'outlive'> & {
  count: number;
  alive: number;
  outlive: number;
  readonly standing: Map<
    string,
    { -readonly [K in keyof GoroutineGroup['standing'][number]]: GoroutineGroup['standing'][number][K] }
  >;
};

function groupsOf(rows: readonly Row[], stacks: StackList): GoroutineGroup[] {
  const groups = new Map<string, Group>();
  for (const of of rows) {
    const { process, row } = of;
    const { goroutines, symbols } = process.trace;
    const startFunc = goroutines.startFunc.values[row] as number;
    const name = startFunc === NONE ? null : symbols.string(startFunc);
    const createdAt = stacks.indexOf(symbols, goroutines.createStack.values[row] as number);
    const key = `${name ?? ''} ${createdAt ?? ''}`;
    let group = groups.get(key);
    if (group === undefined) {
      group = { startFunc: name, createdAt, count: 0, alive: 0, outlive: 0, standing: new Map() };
      groups.set(key, group);
    }
    group.count++;
    if (outlivesTest(process, row)) group.outlive++;
    const now = nowOf(process, row, stacks);
    if (now === null) continue;
    group.alive++;
    const place = `${now.state} ${now.reason} ${now.stack ?? ''}`;
    const standing = group.standing.get(place);
    if (standing === undefined) {
      const { sinceNs: oldestSinceNs, ...where } = now;
      group.standing.set(place, { ...where, count: 1, oldestSinceNs });
    } else {
      standing.count++;
      standing.oldestSinceNs =
        standing.oldestSinceNs === null || now.sinceNs === null ? null : Math.min(standing.oldestSinceNs, now.sinceNs);
    }
  }
  return [...groups.values()]
    .map((group) => ({ ...group, standing: [...group.standing.values()].sort((a, b) => b.count - a.count) }))
    .sort((a, b) => b.alive - a.alive || b.count - a.count);
}
