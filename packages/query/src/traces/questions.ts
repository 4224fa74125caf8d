import type {
  ArtifactFacts,
  GoroutinesAnswer,
  LanesAnswer,
  ProcessesAnswer,
  SeriesAnswer,
  TestGoroutines,
} from '@observe/protocol';

import type { ArtifactDescription } from './describe-artifact.ts';

/** Whose goroutines: of the whole run, of a package, of a test with those of its subtests left out. */
export type GoroutinesOf =
  | { readonly kind: 'run' }
  | { readonly kind: 'package'; readonly row: number }
  | { readonly kind: 'test'; readonly row: number };

/** A window of run time at the width of a picture. `width`: pixels, at most MAX_WIDTH. */
export interface TraceWindow {
  readonly fromNs: number;
  readonly toNs: number;
  readonly width: number;
}
export const MAX_WIDTH = 4096;
/** Most goroutines of one answer, and most lanes. */
export const MAX_GOROUTINES = 1000;

/** What may be asked of a run's execution traces. */
export type TraceQuestion =
  | { readonly kind: 'processes' }
  /** What each test's goroutines did. */
  | { readonly kind: 'tests' }
  /** Who printed the lines of a package, as PackageLines has them. */
  | {
      readonly kind: 'printers';
      readonly row: number;
      readonly atNs: Float64Array<ArrayBuffer>;
      readonly isPlain: Uint8Array<ArrayBuffer>;
    }
  /** What an artifact that is no trace holds; `bytes`: all of it. */
  | { readonly kind: 'describe'; readonly artifact: ArtifactFacts; readonly bytes: Uint8Array<ArrayBuffer> }
  | ({ readonly kind: 'series'; readonly of: GoroutinesOf } & TraceWindow)
  | { readonly kind: 'goroutines'; readonly of: GoroutinesOf; readonly from: number; readonly limit: number }
  | ({
      readonly kind: 'lanes';
      readonly goroutines: readonly { readonly process: string; readonly goid: number }[];
    } & TraceWindow);

export type TraceAnswer<Q extends TraceQuestion> = {
  processes: ProcessesAnswer;
  /** By the row of the test. */
  tests: { readonly tests: ReadonlyMap<number, TestGoroutines> };
  /** By line: row of the test; NONE: doubtful, or printed by none. */
  printers: { readonly test: Int32Array<ArrayBuffer> };
  describe: ArtifactDescription;
  series: SeriesAnswer;
  goroutines: GoroutinesAnswer;
  lanes: LanesAnswer;
}[Q['kind']];
