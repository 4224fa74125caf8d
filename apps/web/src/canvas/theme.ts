import type { TestOutcome } from '@observe/protocol';
import type { GoGroup } from './go-groups.ts';

/** What a `fillStyle` may be; a hatch is a pattern in the browser and a name in tests. */
export type Paint = string | CanvasPattern;

/** The canvas' share of the design tokens, resolved. */
export interface Theme {
  /** CSS pixels of one device pixel: the width of a hairline. */
  readonly hairline: number;
  readonly outcome: Readonly<Record<TestOutcome, string>>;
  /** Paused and queued: the outcome's colour as a hatch on nothing. */
  readonly hatch: Readonly<Record<TestOutcome, Paint>>;
  readonly dots: Readonly<Record<TestOutcome, Paint>>;
  /** What goroutines do. */
  readonly go: Readonly<Record<GoGroup, string>>;
  readonly heap: string;
  readonly goal: string;
  readonly gc: string;
  readonly background: string;
  readonly rowLine: string;
  readonly gridLine: string;
  readonly text: string;
  readonly faintText: string;
  readonly accent: string;
  readonly selection: string;
  readonly area: string;
  readonly baseLine: string;
  readonly shade: string;
  /** Lies over what is out of sight, and lets it shine through. */
  readonly veil: string;
  /** Lies under the figure of a scale, so that it is read over any colour. */
  readonly scaleGround: string;
  readonly font: string;
}

/** The calls that painting uses; a test passes a recorder (recorder.test-kit). */
export type Pen = Pick<
  CanvasRenderingContext2D,
  | 'fillStyle'
  | 'font'
  | 'textAlign'
  | 'textBaseline'
  | 'fillRect'
  | 'fillText'
  | 'beginPath'
  | 'moveTo'
  | 'lineTo'
  | 'closePath'
  | 'fill'
>;
