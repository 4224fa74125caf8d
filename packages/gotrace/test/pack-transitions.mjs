const STATES = ['NotExist', 'Runnable', 'Running', 'Syscall', 'Waiting', 'Undetermined'];
const LINE = /^M=\S+ P=\S+ G=(\S+) StateTransition Time=(\d+) GoID=(\d+) (\w+)->(\w+) Reason="(.*)"$/;

/**
 * What Go's own reader says of each goroutine, in its order, of the text that `go tool trace -d=parsed` prints. A line a
 * transition: ns since the line before (the first: since the trace's first event), goroutine, old and new state as one digit each
 * (0 does not exist, 1 runnable, 2 running, 3 syscall, 4 waiting, 5 undetermined), goroutine in whose context it happened (-1: none),
 * reason.
 *
 * @type {(text: string) => string[]}
 */
export function packTransitions(text) {
  let lastNs = Number(/ Time=(\d+)/.exec(text)?.[1]);
  const lines = [];
  for (const line of text.split('\n')) {
    const [, by, time, goid, from, to, reason] = LINE.exec(line) ?? [];
    if (time === undefined) continue;
    const states = `${STATES.indexOf(from ?? '')}${STATES.indexOf(to ?? '')}`;
    lines.push(`${Number(time) - lastNs} ${goid} ${states} ${by} ${reason}`.trimEnd());
    lastNs = Number(time);
  }
  return lines;
}
