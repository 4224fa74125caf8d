import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import type { StdinWriters } from '../facts/go-test-process.ts';
import type { CaptureRecord } from './capture-record.ts';
import { ofOurStdin } from './owner.ts';

const gone = spawnSync('true').pid;
const record = (parent: number, directory = '/m/a'): CaptureRecord => ({
  pid: 1,
  parent,
  directory,
  binary: '',
  trace: undefined,
  profiles: new Map(),
});
const owner = (writers: StdinWriters) => ofOurStdin(Promise.resolve(writers), '/m', 10_000);

test('those whose go test wrote our stdin when we began are ours, also when it has ended', async () => {
  const ours = owner({ kind: 'pipe', pids: new Set([gone]), goTest: ['go', 'test'] });
  expect(await ours(record(gone), 10_000)).toBe('ours');
  expect(await ours(record(process.ppid), 10_000)).toBe('others');
});

test('one whose go test is gone is not taken on chance, while ours is known', async () => {
  const ours = owner({ kind: 'pipe', pids: new Set([1]), goTest: ['go', 'test'] });
  expect(await ours(record(gone), 10_000)).toBe('others');
});

test('where nothing tells, place and time decide, and it is a guess', async () => {
  const ours = owner({ kind: 'unknown' });
  expect(await ours(record(gone), 10_000)).toBe('guess');
  expect(await ours(record(gone), 1000)).toBe('others');
  expect(await ours(record(gone, '/mm'), 10_000)).toBe('others');
  expect(await ours(record(gone, '/m'), 10_000)).toBe('guess');
});

test('a file on stdin has no processes', async () => {
  expect(await owner({ kind: 'file' })(record(gone), 10_000)).toBe('others');
});
