import type { ArtifactFacts, ShownProcess } from '@observe/protocol';
import { expect, test } from 'vitest';
import { artifactsOf } from './artifacts.ts';

const file = (id: string, more: Partial<ArtifactFacts> = {}): ArtifactFacts => ({
  id,
  name: `${id}.out`,
  format: 'trace',
  state: 'whole',
  ...more,
});
const traced = (artifact: string, name: string | null): ShownProcess => ({
  artifact,
  name: artifact,
  package: name,
  placedBy: name === null ? null : 'content',
  startNs: null,
  endNs: null,
  clock: { quality: 'unknown', errorNs: null },
  version: null,
  bytes: 0,
  readBytes: 0,
  generations: 0,
  isGrowing: false,
  goroutines: 0,
  maxAlive: 0,
  pairedTests: 0,
  unpairedTests: 0,
  faults: [],
});

test('a file belongs to the package that the capture names, else that its content or its process does, else to none', () => {
  const run = {
    artifacts: [
      file('told', { package: 'shop/auth' }),
      file('read'),
      file('cpu', { format: 'pprof', process: 'p1' }),
      file('lost'),
    ],
    processes: [{ id: 'p1', pid: 7, package: 'shop/auth', seenMonoNs: 0, endedMonoNs: undefined }],
  };
  const processes = [traced('read', 'shop/auth'), traced('lost', null)];
  const idsOf = (name: string | undefined): string[] => artifactsOf(run, processes, name).map(({ facts }) => facts.id);
  expect(idsOf('shop/auth')).toEqual(['told', 'read', 'cpu']);
  expect(idsOf(undefined)).toEqual(['lost']);
  expect(artifactsOf(run, processes, undefined)[0]?.process?.clock.quality).toBe('unknown');
});
