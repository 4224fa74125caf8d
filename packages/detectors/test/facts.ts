import { iterateRows } from '@observe/base';
import { createAssembler, type Report } from '@observe/gostack';
import { createReader } from '@observe/gotrace';
import type { EndReason, Finding } from '@observe/protocol';
import { alignTrace, emptyRun, pairOwners, ProcessTrace, rangesOf, reduceRun, type RunState } from '@observe/run';
import { eventsOf, recordingBytes, recordingText } from '@observe/testkit';
import { runDetectors, type KnownFacts, type TracedProcess } from '../src/index.ts';

export const GO_VERSIONS = ['1.22', '1.23', '1.24', '1.25', '1.26', '1.27'] as const;
const PACKAGES = ['auth', 'inventory', 'orders', 'payments', 'reports'];

/** What a stream alone tells. `end` null: the run goes on. */
export function factsOf(text: string, end: EndReason | null = 'eof'): KnownFacts {
  const events = eventsOf(text, end);
  const run = reduceRun(emptyRun(), events);
  const reports = new Map<number, Report>();
  for (const { row, processOutput } of iterateRows(run.packages)) {
    const assembler = createAssembler();
    let line = '';
    for (const [from, to] of rangesOf(processOutput, run.seq)) {
      for (const of of events) {
        if (of.seq < from || of.seq >= to || of.kind !== 'test') continue;
        line += of.event.output ?? '';
        if (!of.event.endsLine) continue;
        assembler.push(line.replace(/\n$/, ''), of.seq);
        line = '';
      }
    }
    if (processOutput.length > 0) reports.set(row, assembler.end());
  }
  return { run, reports };
}

export const streamFacts = (name: string, end: EndReason | null = 'eof'): KnownFacts =>
  factsOf(recordingText(name), end);

function tracedProcess(run: RunState, name: string, pkg: string): TracedProcess | undefined {
  const trace = new ProcessTrace();
  const reader = createReader();
  const bytes = new Uint8Array(recordingBytes(name));
  for (const segment of [...reader.push(bytes), ...reader.end().segments]) trace.add(segment);
  const row = [...iterateRows(run.packages)].find((each) => each.name.endsWith(pkg))?.row;
  if (row === undefined) return undefined;
  const pairs = pairOwners(trace, run, row);
  return {
    process: `trace-${pkg.replace('/', '')}`,
    trace,
    pairs,
    alignment: alignTrace(trace, pairs, run),
    package: row,
  };
}

/** A stream with traces of its packages: pairs of a recording and the end of an import path. */
export function tracedFacts(
  stream: KnownFacts,
  traces: readonly (readonly [recording: string, pkg: string])[],
): KnownFacts {
  const all = traces.map(([name, pkg]) => tracedProcess(stream.run, name, pkg));
  return { ...stream, traces: all.filter((each) => each !== undefined) };
}

const shops = new Map<string, KnownFacts>();

/** The whole recorded run of a Go release, traces included. */
export function shop(version: string): KnownFacts {
  let facts = shops.get(version);
  if (facts === undefined) {
    facts = tracedFacts(
      streamFacts(`shop/go${version}/run.jsonl`),
      PACKAGES.map((pkg) => [`shop/go${version}/${pkg}.trace`, `/${pkg}`]),
    );
    shops.set(version, facts);
  }
  return facts;
}

export const STD = ['context', 'database_sql', 'io'] as const;
export const std = (name: (typeof STD)[number]): KnownFacts => {
  const zip = name === 'database_sql' ? '.gz' : '';
  return tracedFacts(streamFacts(`std/${name}.jsonl${zip}`), [[`std/${name}.trace${zip}`, name.replace('_', '/')]]);
};

/** What one detector finds; throws when it did not run. */
export function found(id: string, facts: KnownFacts): Finding[] {
  const outcome = runDetectors(facts).find(({ detector }) => detector === id);
  if (outcome?.outcome !== 'ran')
    throw new Error(`${id}: ${outcome?.outcome ?? 'no such detector'} ${outcome?.why ?? ''}`);
  return outcome.findings;
}

export const titles = (id: string, facts: KnownFacts): string[] => found(id, facts).map(({ title }) => title);

/** A package of `traced/`, recorded with Go 1.26. */
export const recorded = (name: string): KnownFacts =>
  tracedFacts(streamFacts(`traced/go1.26/${name}.jsonl`), [[`traced/go1.26/${name}.trace`, `/${name}`]]);
