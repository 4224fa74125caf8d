import pc from 'picocolors';

/** How to write for a person. On a stream that takes no colour every function returns its text as it is. */
export interface Style {
  readonly isColor: boolean;
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
  cyan(text: string): string;
  /** A label on a coloured ground, such as ` FAIL `. Without colour: the bare word. */
  badge(text: string, tone: Tone): string;
  /** Text that a terminal opens on a click (OSC 8). Without colour: the text. */
  link(text: string, url: string): string;
}
export type Tone = 'good' | 'bad' | 'doubtful';

/** What decides of a stream: `isTTY` of process.stdout or process.stderr. */
interface Screen {
  readonly isTTY?: boolean;
}

/** Colour only on a terminal that can; NO_COLOR and CI are respected, FORCE_COLOR is too. */
export function isColorful(screen: Screen, env: NodeJS.ProcessEnv): boolean {
  if (isSet(env.NO_COLOR)) return false;
  if (isSet(env.FORCE_COLOR)) return env.FORCE_COLOR !== '0';
  return screen.isTTY === true && env.TERM !== 'dumb' && !isSet(env.CI);
}

/** A terminal whose lines we may paint over. */
export const isLive = (screen: Screen, env: NodeJS.ProcessEnv): boolean =>
  screen.isTTY === true && env.TERM !== 'dumb' && !isSet(env.CI);

/** `CI=false` is how some say that it is none. */
export const isSet = (value: string | undefined): boolean =>
  value !== undefined && value !== '' && value !== '0' && value !== 'false';

export function styleFor(isColor: boolean): Style {
  const { bold, dim, red, green, yellow, cyan, bgRed, bgGreen, bgYellow, black } = pc.createColors(isColor);
  const grounds = { good: bgGreen, bad: bgRed, doubtful: bgYellow };
  return {
    isColor,
    bold,
    dim,
    red,
    green,
    yellow,
    cyan,
    badge: (text, tone) => (isColor ? bold(grounds[tone](black(` ${text} `))) : text),
    link: (text, url) => (isColor ? `\x1b]8;;${url}\x1b\\${text}\x1b]8;;\x1b\\` : text),
  };
}
