// The recordings that are too large for the repository: some megabytes each. They are in the folder that OBSERVE_CORPUS names.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { iterateRows } from '@observe/base';
import { expect, test } from 'vitest';
import { tracedFrom } from '../../test/traces.ts';
import { alignTrace, NONE, OWNER, packageOfTrace } from '../index.ts';

const FOLDER = process.env['OBSERVE_CORPUS'];
const bytes = (name: string): Uint8Array => new Uint8Array(readFileSync(new URL(name, pathToFileURL(`${FOLDER}/`))));

test.skipIf(FOLDER === undefined).each([
  ['net_http', 'net/http', 1611],
  ['sync', 'sync', 61],
] as const)(
  'std/%s: every test of %s has its owner (needs the large recordings: OBSERVE_CORPUS)',
  (file, name, tests) => {
    const stream = new TextDecoder().decode(bytes(`std/${file}.jsonl`));
    const { run, trace, pairs } = tracedFrom(bytes(`std/${file}.trace`), stream, name);
    expect(pairs.counts()).toMatchObject({ owners: tests, paired: tests });
    for (const { row, parent } of iterateRows(run.tests)) {
      const above = trace.owners.parent.values[pairs.ownerOf(row)]!;
      expect(parent === NONE ? OWNER.package : pairs.ownerOf(parent)).toBe(above);
    }
    expect(packageOfTrace(trace)?.path).toBe(name);
    expect(alignTrace(trace, pairs, run)).toMatchObject({ quality: 'snapshot' });
  },
  60_000,
);
