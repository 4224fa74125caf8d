import { createParser } from '@observe/gotest';

export interface ConflictAdvice {
  /** How to run without tracing this package. */
  readonly leaveOut: (pkg: string) => string;
}

/**
 * What a second runtime/trace.Start answers, and what testing says when a TestMain was first: `tracing is already enabled`, since
 * Go 1.25 `execution tracer already enabled` (Go, runtime/trace.go, runtime/trace/subscribe.go).
 */
const CONFLICT = Buffer.from(' already enabled');
const CONFLICTS = /tracing is already enabled|tracer already enabled/;

/**
 * Looks in the stream for a package whose own tests start a trace: a process has one at a time, so it is in the way of ours, or ours in
 * that of the tests. Says so once. A message that lies across two pieces of the stream is not seen.
 */
export function watchConflicts(
  { leaveOut }: ConflictAdvice,
  say: (message: string) => void,
): (bytes: Uint8Array) => void {
  let isTold = false;
  return (bytes) => {
    if (isTold) return;
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const at = text.indexOf(CONFLICT);
    if (at === -1) return;
    const end = text.indexOf('\n', at);
    const line = text.subarray(text.lastIndexOf('\n', at) + 1, end === -1 ? undefined : end).toString();
    const pkg = createParser()(line)?.package;
    if (pkg === undefined || !CONFLICTS.test(line)) return;
    isTold = true;
    say(
      `${pkg} starts an execution trace of its own, and a process has one at a time: it fails because observe traces it. ` +
        `Leave it out: ${leaveOut(pkg)}`,
    );
  };
}
