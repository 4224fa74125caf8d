// The recordings that are too large for the repository: some megabytes each. They are in the folder that OBSERVE_CORPUS names.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { parseOracle, readTrace } from '../test/recordings.ts';
import { TotalsTable } from './index.ts';

const FOLDER = process.env['OBSERVE_CORPUS'];
const CORPUS = pathToFileURL(`${FOLDER}/`);

test.skipIf(FOLDER === undefined).each(['std/net_http', 'std/sync'])(
  '%s: every goroutine as Go’s reader tells it (needs the large recordings: OBSERVE_CORPUS)',
  (name) => {
    const oracle = parseOracle(gunzipSync(readFileSync(new URL(`${name}.oracle.json.gz`, CORPUS))).toString('utf8'));
    const { segments, faults } = readTrace(new Uint8Array(readFileSync(new URL(`${name}.trace`, CORPUS))), [1 << 20]);
    const totals = new TotalsTable();
    for (const segment of segments) totals.add(segment);
    const ours = new Map(totals.rows().map((row) => [row.goid, row]));

    expect(faults).toEqual([]);
    expect(totals.durationNs).toBe(oracle.durationNs);
    expect(ours.size).toBe(oracle.goroutines.length);
    for (const { id, createdNs, endedNs, ...theirs } of oracle.goroutines) {
      const { goid, createdNs: created, endedNs: ended, ...row } = ours.get(id)!;
      expect({ goid, ...row }).toEqual({ goid: id, ...theirs });
      expect([created, ended].map((ns) => (Number.isFinite(ns) ? ns : -1))).toEqual([createdNs, endedNs]);
    }
  },
  60_000,
);
