import { MAX_WIDTH } from '@observe/query';
import { chartOf, type GoChart } from '../../canvas/go-chart.ts';
import type { Viewport } from '../../canvas/viewport.ts';
import type { RunSource } from '../../source/source.ts';
import { createLatest } from '../../state/latest.ts';
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
  want(wish: SeriesWish): void;
  stop(): void;
}

export function createSeries(source: Pick<RunSource, 'traces'>, changed: () => void): Series {
  let runId: string | undefined;
  let chart: GoChart | undefined;
  let error: string | undefined;
  const latest = createLatest<SeriesWish, GoChart>({
    async ask(wish, signal) {
      const { fromNs, toNs } = wish.view;
      const width = Math.max(1, Math.min(MAX_WIDTH, Math.round(wish.width)));
      const question = { kind: 'series', of: { kind: 'run' }, fromNs, toNs, width } as const;
      return chartOf(await source.traces(wish.runId, question, signal));
    },
    isSame: (a, b) => a.version === b.version && a.range === b.range && a.width === b.width,
    /** Nothing of what was asked for would be seen. */
    isUseless: (asked, wanted) => asked.view.toNs <= wanted.view.fromNs || asked.view.fromNs >= wanted.view.toNs,
    took(next, problem) {
      chart = next ?? chart;
      error = problem;
      changed();
    },
  });
  return {
    get chart() {
      return chart;
    },
    get error() {
      return error;
    },
    want(wish) {
      if (wish.runId !== runId) {
        latest.forget();
        runId = wish.runId;
        chart = error = undefined;
      }
      latest.want(wish);
    },
    stop: latest.stop,
  };
}
