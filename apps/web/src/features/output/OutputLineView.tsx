import { formatNs, ns } from '@observe/base';
import type { LineGrade, OutputLine } from '@observe/protocol';
import { memo, useMemo, type CSSProperties, type ReactNode } from 'react';
import type { Selection } from '../../state/selection.ts';
import { select, setMark } from '../../state/view-store.ts';
import { finder, markSpans, spansOf } from './ansi.ts';

const GRADE_WORDS: Readonly<Record<LineGrade, string>> = {
  certain: 'Certain: Go’s own frame, or a line of t.Log, which carries its test.',
  likely: 'Likely its own: one test at most was active when it was printed.',
  uncertain: 'Uncertain: several tests were active, and Go names whichever framed last. It may be another test’s line.',
};

interface Props {
  readonly line: OutputLine;
  readonly isHit: boolean;
  readonly isCurrent: boolean;
  readonly wanted: string;
  /** Times are shown since then; undefined: since the run began. */
  readonly baseNs: number | undefined;
  /** What the lines are of: a test or a package; undefined: of neither. */
  readonly of: Extract<Selection, { kind: 'test' | 'package' }> | undefined;
}

/** One line: when, how sure, what. Its text is text: no markup of its own ever becomes ours. */
export const OutputLineView = memo(function OutputLineView({
  line,
  isHit,
  isCurrent,
  wanted,
  baseNs,
  of,
}: Props): ReactNode {
  const spans = useMemo(() => {
    const plain = spansOf(line.text);
    return isHit ? markSpans(plain, finder(wanted), wanted.length) : plain.map((span) => ({ ...span, isHit: false }));
  }, [line.text, isHit, wanted]);
  const { atNs, grade, kind, printedBy } = line;
  const told = line.test ?? (of?.kind === 'test' ? of.test : undefined);
  return (
    <>
      <button
        type="button"
        className="line-time"
        tabIndex={-1}
        disabled={atNs === null}
        title={
          atNs === null ? undefined : `${formatNs(ns(atNs))} since the run began. Click to mark it on the timeline.`
        }
        onClick={() => setMark(atNs ?? undefined)}
      >
        {atNs === null ? '' : timeText(atNs - (baseNs ?? 0))}
      </button>
      <span className="line-grade" title={GRADE_WORDS[grade]}>
        {grade === 'uncertain' && (
          <>
            ?<span className="sr-only"> uncertain</span>
          </>
        )}
      </span>
      <span className={`line-text kind-${kind}${isCurrent ? ' is-current' : ''}`}>
        {spans.map((span, i) => {
          const style: CSSProperties | undefined = span.rgb === undefined ? undefined : { color: `rgb(${span.rgb})` };
          return span.isHit ? (
            <mark key={i} className={span.className} style={style}>
              {span.text}
            </mark>
          ) : (
            <span key={i} className={span.className} style={style}>
              {span.text}
            </span>
          );
        })}
        {line.test !== undefined && printedBy === undefined && <span className="line-test"> {line.test}</span>}
        {printedBy !== undefined && (
          <button
            type="button"
            className="line-printed"
            disabled={of === undefined}
            title="The execution trace says which test’s goroutine wrote this line. Click to go to that test."
            onClick={() =>
              of !== undefined && select({ kind: 'test', package: of.package, ...printedBy }, { reveal: true })
            }
          >
            printed by {printedBy.test}
            {told === undefined ? '' : `, not by ${told} as go test says`}
          </button>
        )}
      </span>
    </>
  );
});

/** Seconds with milliseconds: a column of equal figures. */
const timeText = (atNs: number): string => `${atNs < 0 ? '-' : ''}${(Math.abs(atNs) / 1e9).toFixed(3)}`;
