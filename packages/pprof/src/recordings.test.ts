// What Go's own tool says of each recording.
import { expect, test } from 'vitest';
import { readOracle, readProfile, RECORDED } from '../test/recordings.ts';
import { framesOf, labelsOf, topFunctions, totalsOf, type ProfileKind } from './index.ts';

test.each(RECORDED)('%s: each function has the values that go tool pprof gives it', (name) => {
  const profile = readProfile(name);
  const oracle = readOracle(name);
  expect(profile.sampleTypes.map(({ type }) => type)).toEqual(Object.keys(oracle));
  for (const [i, { type }] of profile.sampleTypes.entries()) {
    const top = topFunctions(profile, i).filter(({ flat, cum }) => flat !== 0 || cum !== 0);
    const name = (row: number): string => profile.strings[row]?.replace(/^0x.*/, '<unknown>') ?? '';
    const told = (oracle[type] ?? []).filter((row) => !row.startsWith('0 0 '));
    expect(top.map(({ flat, cum, func }) => `${flat} ${cum} ${name(func)}`).sort()).toEqual([...told].sort());
    const flat = told.reduce((sum, row) => sum + Number.parseInt(row, 10), 0);
    expect(totalsOf(profile)[i]).toBe(flat);
  }
});

const KINDS: Readonly<Record<string, ProfileKind>> = { mem: 'allocs' };

test.each(RECORDED)('%s: its kind is told without its name', (name) => {
  const said = name.slice(name.lastIndexOf('.') + 1).replace(/^.*\//, '');
  const { kind, samples } = readProfile(name);
  expect(kind).toBe(samples.length === 0 && said === 'mutex' ? 'contention' : (KINDS[said] ?? said));
});

test('a CPU profile has a beginning, a duration and a period; others the moment of writing', () => {
  const cpu = readProfile('shop/go1.22/auth.cpu');
  const block = readProfile('shop/go1.22/auth.block');
  expect(cpu).toMatchObject({ period: 10_000_000, periodType: { type: 'cpu', unit: 'nanoseconds' } });
  expect(cpu.durationNs).toBeGreaterThan(4.9e9);
  expect(cpu.durationNs).toBeLessThan(6e9);
  expect(block.durationNs).toBeUndefined();
  const fromStartNs = Number((block.timeNanos ?? 0n) - (cpu.timeNanos ?? 0n));
  expect(fromStartNs).toBeGreaterThan(4.9e9);
  expect(fromStartNs).toBeLessThan(6e9);
});

test('the default sample type is the profile’s own, else the last', () => {
  const name = (recording: string): string | undefined => {
    const { sampleTypes, defaultType } = readProfile(recording);
    return sampleTypes[defaultType]?.type;
  };
  expect(name('shop/go1.27/auth.mem')).toBe('alloc_space');
  expect(name('profiles/go1.26/heap')).toBe('inuse_space');
  expect(name('shop/go1.27/auth.cpu')).toBe('cpu');
});

test('labels and stacks of a sample', () => {
  const profile = readProfile('profiles/go1.26/goroutine');
  const rows = [...profile.samples.stack.keys()];
  const labelled = rows.filter((row) => labelsOf(profile, row)['test'] === 'TestWrite');
  expect(labelled.map((row) => [{ ...labelsOf(profile, row) }, profile.samples.values[0]?.[row]])).toEqual([
    [{ test: 'TestWrite', quote: 'a"b' }, 2],
  ]);
  const [row = 0] = labelled;
  expect(framesOf(profile, profile.samples.stack[row] ?? -1).at(-1)).toEqual({
    func: 'example.com/profiles/busy_test.TestWrite.func1.1',
    file: 'example.com/profiles/busy/busy_test.go',
    line: 48,
  });
});

test('a function that calls itself counts once for each stack', () => {
  const profile = readProfile('profiles/go1.26/cpu');
  const depth = profile.strings.indexOf('example.com/profiles/busy.Depth');
  const cum = topFunctions(profile, 1).find(({ func }) => func === depth)?.cum ?? 0;
  const onStack = [...profile.samples.stack.keys()].filter((row) =>
    framesOf(profile, profile.samples.stack[row] ?? -1).some((frame) => frame.func.endsWith('.Depth')),
  );
  const values = profile.samples.values[1];
  expect(cum).toBe(onStack.reduce((sum, row) => sum + (values?.[row] ?? 0), 0));
  expect(cum).toBeGreaterThan(0);
});
