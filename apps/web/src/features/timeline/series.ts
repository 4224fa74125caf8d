import { MAX_WIDTH } from '@observe/query';
import { chartOf, type GoChart } from '../../canvas/go-chart.ts';
import type { Viewport } from '../../canvas/viewport.ts';
import type { RunSource } from '../../source/source.ts';
import { track } from '../../state/idle.ts';
import type { Range } from '../../state/view-url.ts';

/** What is to be shown: another question when anything but `view` differs, which moves by itself while a run is live. */
export interface SeriesWish {
  readonly runId: string;
  readonly version: number;
  readonly range: Range;
  readonly view: Viewport;
  /** Device pixels. */
  readonly width: number;
}

/** Asks for the charts' numbers, one question at a time. */
export interface Series {
  /** The latest answer about this run, whatever window it was asked for; undefined before the first. */
  readonly chart: GoChart | undefined;
  /** Why the latest question has no answer, in words. */
  readonly error: string | undefined;
  /** Undefined: nothing is shown. */
  want(wish: SeriesWish | undefined): void;
  stop(): void;
}

export function createSeries(source: Pick<RunSource, 'traces'>, changed: () => void): Series {
  let wanted: SeriesWish | undefined;
  let answered: SeriesWish | undefined;
  let asked: { readonly wish: SeriesWish; readonly abort: AbortController } | undefined;
  let chart: GoChart | undefined;
  let error: string | undefined;

  function ask(wish: SeriesWish): void {
    const abort = new AbortController();
    asked = { wish, abort };
    const { fromNs, toNs } = wish.view;
    const width = Math.max(1, Math.min(MAX_WIDTH, Math.round(wish.width)));
    const question = { kind: 'series', of: { kind: 'run' }, fromNs, toNs, width } as const;
    const take = (next: GoChart | undefined, problem: string | undefined): void => {
      if (abort.signal.aborted) return;
      asked = undefined;
      answered = wish;
      chart = next ?? chart;
      error = problem;
      proceed();
      changed();
    };
    track(source.traces(wish.runId, question, abort.signal)).then(
      (answer) => take(chartOf(answer), undefined),
      (problem: unknown) => take(undefined, problem instanceof Error ? problem.message : String(problem)),
    );
  }

  function proceed(): void {
    if (wanted === undefined || (answered !== undefined && isSame(wanted, answered))) return;
    if (asked !== undefined) {
      if (isSame(wanted, asked.wish) || !isUseless(asked.wish, wanted)) return;
      asked.abort.abort();
    }
    ask(wanted);
  }

  return {
    get chart() {
      return chart;
    },
    get error() {
      return error;
    },
    want(wish) {
      if (wish?.runId !== wanted?.runId) {
        asked?.abort.abort();
        asked = answered = chart = error = undefined;
      }
      wanted = wish;
      proceed();
    },
    stop() {
      asked?.abort.abort();
      wanted = asked = undefined;
    },
  };
}

const isSame = (a: SeriesWish, b: SeriesWish): boolean =>
  a.runId === b.runId && a.version === b.version && a.range === b.range && a.width === b.width;

/** Nothing of what was asked for would be seen. */
const isUseless = (asked: SeriesWish, wanted: SeriesWish): boolean =>
  asked.view.toNs <= wanted.view.fromNs || asked.view.fromNs >= wanted.view.toNs;
