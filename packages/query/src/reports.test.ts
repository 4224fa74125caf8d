import { foldText, logOf, recordingText, recordsOf } from '@observe/testkit';
import { expect, test } from 'vitest';
import { readReports, type PackageReports } from './reports.ts';

const reportsOf = async (name: string, row = 0): Promise<PackageReports> => {
  const text = recordingText(name);
  return (await readReports(foldText(text), logOf(recordsOf(text)), row))!;
};

test('hang-timeout: says where each hanging test stands, and that the paused ones wait for a slot', async () => {
  const [report] = (await reportsOf('streams/hang-timeout.jsonl')).reports;
  const by = (name: string): unknown =>
    report?.buckets
      .filter((b) => b.owners.some((o) => o.test === name))
      .map((b) => [b.status, b.call?.func, b.user?.line, b.testingWait]);
  expect(report?.timeout?.running?.map((r) => r.test)).toEqual(['TestHangMutex', 'TestSelect']);
  expect(by('TestHangMutex')).toEqual([['sync.Mutex.Lock', 'sync.(*Mutex).Lock', 4, undefined]]);
  expect(by('TestSelect')).toContainEqual(['sync.WaitGroup.Wait', 'sync.(*WaitGroup).Wait', 7, undefined]);
  expect(report?.buckets.filter((b) => b.owners.some((o) => o.test === 'TestSleepy'))[0]?.testingWait).toBeDefined();
});

test('bgpanic: the culprit is TestLeaker, which had passed', async () => {
  const [report] = (await reportsOf('streams/bgpanic.jsonl')).reports;
  expect(report).toMatchObject({ kind: 'panic', message: 'background boom', culprit: { test: 'TestLeaker' } });
});

test('race: two reports with both accesses', async () => {
  const { reports } = await reportsOf('streams/race.jsonl');
  expect(reports.map((r) => [r.kind, r.race?.accesses.map((a) => a.kind)])).toEqual([
    ['race', ['read', 'write']],
    ['race', ['read', 'write']],
  ]);
});

test('survives the way to a client: JSON loses nothing that is there', async () => {
  const reports = await reportsOf('streams/hang-timeout.jsonl');
  expect(JSON.parse(JSON.stringify(reports))).toEqual(JSON.parse(JSON.stringify(structuredClone(reports))));
});
