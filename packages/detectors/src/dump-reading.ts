import { noiseOf, ownersOf, type Block, type Dump, type Goroutine, type Report } from '@observe/gostack';
import type { Evidence } from '@observe/protocol';
import { ownCall, placeOf, shownFrames, standsIn } from './frames.ts';

/** A goroutine of a dump that works for a test, and does not just wait inside of package testing. */
export interface Standing {
  /** The top-level test, as a rule: text seldom tells which subtest it is. */
  readonly test: string;
  readonly goroutine: Goroutine;
}

/** Those of a dump, in its order. */
export function standingsOf(dump: Dump): Standing[] {
  const owners = ownersOf(dump);
  return dump.goroutines.flatMap((goroutine) => {
    const owner = owners.get(goroutine);
    return owner === undefined || noiseOf(goroutine) !== undefined ? [] : [{ test: owner.test, goroutine }];
  });
}

/** `TestA: goroutine 7 [sync.Mutex.Lock, 3 minutes] in sync.(*Mutex).Lock, called by m.TestA (x_test.go:4)` */
export function standingWords({ test, goroutine: { goid, status, waitMinutes, frames } }: Standing): string {
  const minutes = waitMinutes === undefined ? '' : `, ${waitMinutes} minutes`;
  const call = standsIn(frames);
  const own = ownCall(frames);
  const where = call === undefined || call === own ? `in ${placeOf(own ?? call)}` : `in ${call.func}`;
  const who = own === undefined || call === own ? '' : `, called by ${placeOf(own)}`;
  return `${test}: goroutine ${goid} [${status}${minutes}] ${where}${who}`;
}

export const standingEvidence = (pkg: string, standing: Standing): Evidence[] => [
  {
    kind: 'goroutine',
    package: pkg,
    process: null,
    goid: standing.goroutine.goid,
    words: `${standing.test} [${standing.goroutine.status}]`,
  },
  { kind: 'stack', words: standingWords(standing), frames: shownFrames(standing.goroutine.frames) },
];

/** The block of that kind in which a seq lies. */
export const blockAt = <K extends Block['kind']>(
  report: Report | undefined,
  kind: K,
  seq: number,
): Extract<Block, { kind: K }> | undefined =>
  report?.blocks.find(
    (block): block is Extract<Block, { kind: K }> => block.kind === kind && block.from <= seq && seq <= block.to,
  );

export const blockEvidence = (block: Block, words: string): Evidence => ({
  kind: 'output',
  words,
  fromSeq: block.from,
  toSeq: block.to,
});
