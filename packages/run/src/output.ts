import { grown } from './growth.ts';
import type { OutputRanges } from './state.ts';

/** Numbers of one range: first seq, seq after the last, wasAlone. */
const STRIDE = 3;

/**
 * `output` with one more event. The array is shared with the earlier versions: they know their own length, and their
 * last range may grow under them, since a reader clips it to its state's seq. So a line costs no copy.
 */
export function addOutput(
  output: OutputRanges,
  seq: number,
  wasAlone: boolean,
  chars: number,
  lines: number,
): OutputRanges {
  const alone = wasAlone ? 1 : 0;
  const last = output.length - STRIDE;
  let { ranges, length } = output;
  const end = ranges[last + 1] ?? 0;
  if (last >= 0 && end >= seq && ranges[last + 2] === alone) {
    if (end === seq) (ranges as number[])[last + 1] = seq + 1; // else a later state of this log has been here before
  } else {
    ranges = length === 0 ? [seq, seq + 1, alone] : grown(ranges, length, seq, seq + 1, alone);
    length += STRIDE;
  }
  return { ranges, length, chars: output.chars + chars, lines: output.lines + lines };
}

/**
 * Splits at `at`, up to `seq`: what was before, and what is from there on. How many lines and characters each part has is
 * not known any more; an event of a test is a line, and the characters are shared out by events.
 */
export function splitOutput(output: OutputRanges, at: number, seq: number): readonly [OutputRanges, OutputRanges] {
  const before: number[] = [];
  const after: number[] = [];
  let [eventsBefore, eventsAfter] = [0, 0];
  for (const [from, to, alone] of rangesOf(output, seq)) {
    const cut = Math.min(Math.max(from, at), to);
    eventsBefore += cut - from;
    eventsAfter += to - cut;
    if (from < cut) before.push(from, cut, alone);
    if (cut < to) after.push(cut, to, alone);
  }
  const charsAfter = Math.round((output.chars * eventsAfter) / Math.max(1, eventsBefore + eventsAfter));
  return [
    {
      ranges: before,
      length: before.length,
      chars: output.chars - charsAfter,
      lines: Math.min(output.lines, eventsBefore),
    },
    { ranges: after, length: after.length, chars: charsAfter, lines: Math.min(output.lines, eventsAfter) },
  ];
}

/** All of both up to `seq`, in order of seq. */
export function mergeOutputs(a: OutputRanges, b: OutputRanges, seq: number): OutputRanges {
  const all = [...rangesOf(a, seq), ...rangesOf(b, seq)];
  const ranges = all.sort((x, y) => x[0] - y[0]).flat();
  return { ranges, length: ranges.length, chars: a.chars + b.chars, lines: a.lines + b.lines };
}

/** [first seq, seq after the last, wasAlone] in order, none beyond `seq`, the state's own. */
export function* rangesOf(output: OutputRanges, seq: number): Generator<readonly [number, number, number]> {
  for (let i = 0; i + 2 < output.length; i += STRIDE) {
    const from = output.ranges[i] ?? 0;
    const to = Math.min(output.ranges[i + 1] ?? 0, seq + 1);
    if (from < to) yield [from, to, output.ranges[i + 2] ?? 0];
  }
}
