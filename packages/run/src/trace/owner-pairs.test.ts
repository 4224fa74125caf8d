import { iterateRows, rowAt } from '@observe/base';
import { eventsOf, recordingBytes, recordingText } from '@observe/testkit';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nameOf, ownerOf, recorded, segmentsOf, traced, tracedFrom } from '../../test/traces.ts';
import {
  emptyRun,
  NONE,
  OWNER_KINDS,
  OwnerPairs,
  pairOwners,
  PAIRED_BY,
  ProcessTrace,
  reduceRun,
  type RunState,
} from '../index.ts';

const bytesOf = (name: string): Uint8Array => new Uint8Array(recordingBytes(name));

describe('everything that package testing runs', () => {
  const kinds = recorded('kinds');
  const { trace, pairs, pkg, run } = kinds;

  test('tests, subtests, fuzz seeds, examples and benchmarks, each twice or once as -count has it', () => {
    expect(pairs.counts()).toMatchObject({ owners: pkg.testCount, paired: pkg.testCount });
    for (const { row, kind } of iterateRows(run.tests)) {
      const owner = pairs.ownerOf(row);
      const hint = trace.symbols.string(trace.owners.hint.values[owner]!);
      const name = nameOf(kinds, owner).split('/')[0]!;
      expect(OWNER_KINDS[trace.owners.kind.values[owner]!]).toBe(kind);
      if (!/subtests/.test(hint) && hint !== '')
        expect(hint).toMatch(new RegExp(`^example.com/traced/kinds.${name}(\\.func\\d)?$`));
    }
  });

  test('two parents that make subtests at the same time do not mix them up', () => {
    for (const parent of ['TestLeft', 'TestRight']) {
      for (let i = 0; i < 10; i++) {
        const owner = ownerOf(kinds, `${parent}/${i}`);
        expect(trace.accounts.started.values[owner]).toBe(i + 1); // subtest i starts i goroutines
      }
    }
  });

  test('what synctest runs in a bubble belongs to the test around it', () => {
    const bubble = ownerOf(kinds, 'TestBubble');
    const starts = [...trace.owners.goroutinesOf(bubble)].map((row) =>
      trace.symbols.string(trace.goroutines.startFunc.values[row]!),
    );
    expect(starts.filter((start) => start === 'testing.tRunner')).toHaveLength(2);
    expect(trace.owners.children.values[bubble]).toBe(2);
  });

  test('testing.Benchmark in a test is the test’s own', () => {
    const starts = [...trace.owners.goroutinesOf(ownerOf(kinds, 'TestOwnBenchmark'))].map((row) =>
      trace.symbols.string(trace.goroutines.startFunc.values[row]!),
    );
    expect(starts).toContain('testing.(*B).run1.func1');
  });

  test('goroutines of an example are the example’s, though it runs on the main goroutine', () => {
    // One reads what it prints.
    expect(trace.accounts.started.values[ownerOf(kinds, 'Example_one')]).toBe(1 + 2);
    expect(trace.accounts.started.values[ownerOf(kinds, 'Example_two')]).toBe(1 + 3);
  });

  test('all runs of a benchmark are one owner', () => {
    const plain = ownerOf(kinds, 'BenchmarkPlain');
    expect(trace.owners.children.values[plain]).toBe(0);
    expect(trace.accounts.started.values[plain]).toBeGreaterThan(10);
    expect(trace.owners.children.values[ownerOf(kinds, 'BenchmarkGroup')]).toBe(2);
  });

  test('what a timer starts is the timer’s', () => {
    expect(trace.accounts.started.values[OWNER_KINDS.indexOf('timer')]).toBeGreaterThan(1);
  });
});

test('frames in the middle of lines (-v -json): tests and owners pair all the same', () => {
  const { pairs, pkg } = recorded('lost');
  expect(pairs.counts()).toMatchObject({ owners: pkg.testCount, paired: pkg.testCount });
});

describe.each([
  ['traced/go1.26/kinds.trace', 'traced/go1.26/kinds.jsonl', '/kinds'],
  ['std/database_sql.trace.gz', 'std/database_sql.jsonl.gz', 'database/sql'],
  ['shop/go1.23/payments.trace', 'shop/go1.23/run.jsonl', '/payments'],
] as const)('%s', (file, stream, name) => {
  const whole = traced(file, stream, name);
  const truth = new Map<number, string>();
  for (const { row, name: of } of iterateRows(whole.run.tests)) {
    const owner = whole.pairs.ownerOf(row);
    if (owner !== NONE) truth.set(owner, of);
  }

  test('however trace and stream lead each other while they grow, the pairs are the same in the end', () => {
    const segments = segmentsOf(bytesOf(file), undefined, 500);
    const events = eventsOf(recordingText(stream));
    const steps = fc.array(fc.tuple(fc.nat(segments.length), fc.nat(events.length)), { maxLength: 12 });
    fc.assert(
      fc.property(steps, (cuts) => {
        const trace = new ProcessTrace();
        let run = emptyRun();
        const pairs = new OwnerPairs(trace, whole.pkg.row);
        let segment = 0;
        for (const [toSegment, toEvent] of [...cuts, [segments.length, events.length] as const]) {
          for (; segment < toSegment; segment++) trace.add(segments[segment]!);
          run = reduceRun(run, events.slice(0, toEvent));
          pairs.update(run);
        }
        expect(pairs.counts()).toEqual(whole.pairs.counts());
        for (const [owner, of] of truth) expect(rowAt(run.tests, pairs.testOf(owner))?.name).toBe(of);
      }),
      { numRuns: 15 },
    );
  });

  test('with run lines lost, nothing is paired wrongly, and what names confirm is kept', () => {
    const lines = recordingText(stream).split('\n');
    const runs = lines.flatMap((line, i) => (line.includes('"Action":"run"') ? [i] : []));
    let [kept, lost] = [0, 0];
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(runs.length - 1), { minLength: 1, maxLength: 4 }), (dropped) => {
        const gone = new Set(dropped.map((i) => runs[i]));
        const some = tracedFrom(bytesOf(file), lines.filter((_, i) => !gone.has(i)).join('\n'), name);
        for (const [owner, of] of truth) {
          const found = rowAt(some.run.tests, some.pairs.testOf(owner))?.name;
          if (found === undefined) lost++;
          else kept++;
          // Its start is not known then, so that it may be taken for an earlier run of the same name, or of a subtest.
          expect(found ?? of).toBe(of);
        }
      }),
      { numRuns: 20 },
    );
    expect(kept).toBeGreaterThan(lost);
  });
});

test('a subtest that the stream never had leaves its siblings without a pair, and nobody else', () => {
  const lines = recordingText('traced/go1.26/kinds.jsonl').split('\n');
  const without = lines.filter((line) => !line.includes('"Test":"TestLeft/3"')).join('\n');
  const some = tracedFrom(bytesOf('traced/go1.26/kinds.trace'), without, '/kinds');
  const { owners, paired } = some.pairs.counts();
  expect(owners - paired).toBe(2 * 10); // -count=2
  expect(some.pairs.ownerOf(rowOf(some.run, 'TestLeft/4'))).toBe(NONE);
  expect(nameOf(some, ownerOf(some, 'TestRight/4'))).toBe('TestRight/4');
  expect(ownerOf(some, 'TestLeft')).not.toBe(NONE);
});

const rowOf = (run: RunState, name: string): number =>
  [...iterateRows(run.tests)].find((test) => test.name === name)?.row ?? NONE;

test('an owner is paired by its name, or only by its place', () => {
  const kinds = recorded('kinds');
  expect(kinds.pairs.pairedBy(ownerOf(kinds, 'TestLeft'))).toBe(PAIRED_BY.name);
  expect(kinds.pairs.pairedBy(ownerOf(kinds, 'TestLeft/3'))).toBe(PAIRED_BY.order);
  expect(kinds.pairs.pairedBy(0)).toBe(PAIRED_BY.none);
  expect(pairOwners(kinds.trace, emptyRun(), 0).counts().paired).toBe(0);
});
