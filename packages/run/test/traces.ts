import { iterateRows, rowAt } from '@observe/base';
import { createReader, LIMITS, type Segment } from '@observe/gotrace';
import { foldText, recordingBytes, recordingText } from '@observe/testkit';
import {
  OWNER_KINDS,
  pairOwners,
  ProcessTrace,
  testsOf,
  type OwnerPairs,
  type PackageState,
  type RunState,
} from '../src/index.ts';

export const GO_VERSIONS = ['1.22', '1.23', '1.24', '1.25', '1.26', '1.27'] as const;

/** A package of a recorded run, with the trace of its process. */
export interface TracedPackage {
  readonly trace: ProcessTrace;
  readonly run: RunState;
  readonly pkg: PackageState;
  readonly pairs: OwnerPairs;
}

/** Segments of a whole trace, read in chunks of the given size, of so many intervals each. */
export function segmentsOf(
  bytes: Uint8Array,
  chunkBytes = bytes.length,
  segmentIntervals = LIMITS.segmentIntervals,
): readonly Segment[] {
  const reader = createReader({ segmentIntervals });
  const segments: Segment[] = [];
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    segments.push(...reader.push(bytes.subarray(at, at + chunkBytes)));
  }
  segments.push(...reader.end().segments);
  return segments;
}

export function traceOf(bytes: Uint8Array): ProcessTrace {
  const trace = new ProcessTrace();
  for (const segment of segmentsOf(bytes)) trace.add(segment);
  return trace;
}

/** `trace`: a recording (`shop/go1.27/auth.trace`); `stream`: the one of its run; `pkg`: the end of its import path. */
export const traced = (trace: string, stream: string, pkg: string): TracedPackage =>
  tracedFrom(new Uint8Array(recordingBytes(trace)), recordingText(stream), pkg);

export const shop = (version: string, pkg: string): TracedPackage =>
  traced(`shop/go${version}/${pkg}.trace`, `shop/go${version}/run.jsonl`, `/${pkg}`);

export function tracedFrom(bytes: Uint8Array, stream: string, name: string): TracedPackage {
  const run = foldText(stream);
  const pkg = [...iterateRows(run.packages)].find((each) => each.name.endsWith(name));
  if (pkg === undefined) throw new Error(`no package ${name}`);
  const trace = traceOf(bytes);
  return { trace, run, pkg, pairs: pairOwners(trace, run, pkg.row) };
}

/** Row of the owner of a test's first run. */
export function ownerOf({ run, pkg, pairs }: TracedPackage, name: string): number {
  const test = [...testsOf(run, pkg)].find((each) => each.name === name);
  if (test === undefined) throw new Error(`no test ${name}`);
  return pairs.ownerOf(test.row);
}

/** A package of `traced/`, recorded with Go 1.26. */
export const recorded = (name: string): TracedPackage =>
  traced(`traced/go1.26/${name}.trace`, `traced/go1.26/${name}.jsonl`, `/${name}`);

/** Function names of a stack, innermost first. */
export const funcsOf = ({ trace: { symbols } }: Pick<TracedPackage, 'trace'>, stack: number): readonly string[] =>
  symbols.framesOf(stack).map(({ func }) => func);

/** Name of an owner's test; its kind, when it has none. */
export const nameOf = ({ trace, run, pairs }: TracedPackage, owner: number): string =>
  rowAt(run.tests, pairs.testOf(owner))?.name ?? OWNER_KINDS[trace.owners.kind.values[owner]!] ?? '?';
