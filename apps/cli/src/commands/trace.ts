import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { formatWallTime } from '@observe/base';
import { BEFORE, createReader, OPEN, type GoroutineTotals } from '@observe/gotrace';
import { SCHEMA } from '@observe/protocol';
import { openUnpacked } from '../files/unpacked-file.ts';
import { EXIT, messageOf, Problem } from '../problem.ts';
import { TraceAccount } from '../report/trace-account.ts';
import { traceText } from '../report/trace-text.ts';
import type { World } from '../world.ts';

export interface TraceOptions {
  readonly isJson: boolean;
  /** With JSON: sums instead of the list of goroutines. */
  readonly isTotals: boolean;
}

/** `observe trace FILE`. Resolves to the exit code: a trace with faults is told with them, and is no failure. */
export async function traceFile(path: string, options: TraceOptions, world: World): Promise<number> {
  const { bytes } = await openUnpacked(path);
  const account = new TraceAccount();
  const reader = createReader({}, (segment) => account.add(segment));
  let fault: unknown;
  try {
    for await (const chunk of bytes) reader.push(chunk);
  } catch (error) {
    fault = error;
  }
  reader.end();
  account.end();

  const { faults, version } = reader;
  const [first] = faults;
  const isForeign = first?.kind === 'bad-header' || first?.kind === 'old-version';
  if (isForeign && account.goroutines === 0) throw new Problem(`${path}: ${first.message}`);
  if (fault !== undefined) world.stderr.write(`observe: ${path} could not be read to its end: ${messageOf(fault)}\n`);
  const shown = { version, account, faults, droppedFaults: reader.droppedFaults };
  if (options.isJson) await writeJson(world.stdout, shown, options.isTotals);
  else world.stdout.write(traceText(shown, world.out));
  return fault === undefined ? EXIT.ok : EXIT.problem;
}

/** A large trace has goroutines by the million: they are written one by one, as fast as they are read. */
async function writeJson(
  out: Writable,
  { version, account, faults, droppedFaults }: Parameters<typeof traceText>[0],
  isTotals: boolean,
): Promise<void> {
  const { wall } = account;
  const head = {
    schema: SCHEMA,
    goVersion: version === undefined ? null : `go1.${version}`,
    durationNs: account.durationNs,
    firstSyncWall: wall === undefined ? null : formatWallTime(wall),
    goCreates: account.created,
    maxAlive: account.maxAlive,
  };
  const tail = JSON.stringify({ faults, droppedFaults }).slice(1) + '\n';
  if (isTotals) {
    const { goroutines: goroutineCount, stateNs: totalStateNs } = account;
    out.write(`${JSON.stringify({ ...head, goroutineCount, totalStateNs }).slice(0, -1)},${tail}`);
    return;
  }
  out.write(`${JSON.stringify(head).slice(0, -1)},"goroutines":[`);
  let separator = '\n';
  for (const row of account.rows()) {
    if (!out.write(separator + JSON.stringify(shownGoroutine(row)))) await once(out, 'drain');
    separator = ',\n';
  }
  out.write(`\n],${tail}`);
}

/** As in the oracles of Go's own reader: -1 is unknown, or not ended. */
const shownGoroutine = ({ goid, createdNs, endedNs, ...rest }: GoroutineTotals): object => ({
  id: goid,
  ...rest,
  createdNs: createdNs === BEFORE ? -1 : createdNs,
  endedNs: endedNs === OPEN ? -1 : endedNs,
});
