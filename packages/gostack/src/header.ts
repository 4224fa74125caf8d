import { readLabels, type Labels } from './labels.ts';
import { wholeNumber } from './whole-number.ts';

/**
 * The first line of a goroutine in a dump. Source: Go, `runtime/traceback.go` (`goroutineheader`), 1.19 – 1.27.
 * What a later Go adds is kept in `rest`.
 */
export interface GoroutineHeader {
  /** Never used twice in a process; the same in dumps, traces and race reports. */
  readonly goid: number;
  /**
   * As Go says it, without the marks that have a field of their own: `running`, `chan receive`, `select (no cases)`,
   * `sync.Mutex.Lock`. The list is open.
   */
  readonly status: string;
  /** Whole minutes of waiting; absent below one, and while running. */
  readonly waitMinutes: number | undefined;
  readonly isLockedToThread: boolean;
  /** Go 1.26: found by the leak profile. */
  readonly isLeaked: boolean;
  /** Blocked so that only its synctest bubble can wake it (`(durable)`; 1.24 wrote `(synctest)`). */
  readonly isDurable: boolean;
  /** The garbage collector was reading its stack. */
  readonly isScan: boolean;
  /** Synctest: `group` in 1.24, where `id` is a goroutine's; `bubble` since 1.25. */
  readonly bubble: Bubble | undefined;
  /** Profiler labels, set by the program: `test` names the test by convention. Empty when there are none. */
  readonly labels: Labels;
  /** Addresses and thread, as text; only where Go prints them (GOTRACEBACK=system and above, throws, signals). */
  readonly gp: string | undefined;
  readonly m: string | undefined;
  readonly mp: string | undefined;
  /** Everything on the line that this version does not know; empty when there is nothing. */
  readonly rest: string;
}

export interface Bubble {
  readonly kind: 'group' | 'bubble';
  readonly id: number;
}

const PREFIX = 'goroutine ';
const LABELS = ' labels:{';
const FLAGS = [' (leaked)', ' (scan)', ' (durable)', ' (synctest)'] as const;

/** Reads one line without its newline; undefined when it is no header. Time is linear in the length of the line. */
export function parseGoroutineHeader(line: string): GoroutineHeader | undefined {
  if (!line.startsWith(PREFIX) || !line.endsWith(':')) return undefined;
  const open = line.indexOf(' [', PREFIX.length);
  if (open === -1) return undefined;
  const [id = '', ...words] = line.slice(PREFIX.length, open).split(' ');
  const goid = wholeNumber(id);
  const close = closingBracket(line, open + 2);
  if (goid === undefined || close === -1) return undefined;

  const unknown: string[] = [];
  const named = readWords(words, unknown);
  const inside = readBracket(line.slice(open + 2, close), unknown);
  const after = readAfter(line.slice(close + 1, -1), unknown);
  return { goid, ...inside, labels: after ?? inside.labels, ...named, rest: unknown.join(' ') };
}

/** `gp=0x… m=0 mp=0x…` */
function readWords(words: readonly string[], unknown: string[]): Pick<GoroutineHeader, 'gp' | 'm' | 'mp'> {
  const named: { gp: string | undefined; m: string | undefined; mp: string | undefined } = {
    gp: undefined,
    m: undefined,
    mp: undefined,
  };
  for (const word of words) {
    const equals = word.indexOf('=');
    const key = word.slice(0, Math.max(equals, 0));
    if (key === 'gp' || key === 'm' || key === 'mp') named[key] = word.slice(equals + 1);
    else unknown.push(word);
  }
  return named;
}

/** `chan receive (durable), 5 minutes, locked to thread, synctest bubble 2 labels:{"k": "v"}` */
function readBracket(text: string, unknown: string[]): Omit<GoroutineHeader, 'goid' | 'gp' | 'm' | 'mp' | 'rest'> {
  const labelsAt = text.indexOf(LABELS);
  const plain = labelsAt === -1 ? text : text.slice(0, labelsAt);
  const read = labelsAt === -1 ? undefined : readLabels(text, labelsAt + LABELS.length);
  if (labelsAt !== -1 && read?.end !== text.length) unknown.push(text.slice(read?.end ?? labelsAt).trim());

  const [first = '', ...more] = plain.split(', ');
  const { status, flags } = splitFlags(first);
  let waitMinutes: number | undefined;
  let isLockedToThread = false;
  let bubble: Bubble | undefined;
  for (const item of more) {
    const minutes = item.endsWith(' minutes') ? wholeNumber(item.slice(0, -' minutes'.length)) : undefined;
    const inBubble = readBubble(item);
    if (minutes !== undefined) waitMinutes = minutes;
    else if (inBubble !== undefined) bubble = inBubble;
    else if (item === 'locked to thread') isLockedToThread = true;
    else unknown.push(item);
  }
  return {
    status,
    waitMinutes,
    isLockedToThread,
    isLeaked: flags.has(' (leaked)'),
    isDurable: flags.has(' (durable)') || flags.has(' (synctest)'),
    isScan: flags.has(' (scan)'),
    bubble,
    labels: read?.labels ?? {},
  };
}

/** Go 1.27 writes the labels after the bracket. */
function readAfter(text: string, unknown: string[]): Labels | undefined {
  if (text === '') return undefined;
  const read = text.startsWith(' {') ? readLabels(text, 2) : undefined;
  if (read?.end !== text.length) unknown.push(text.slice(read?.end ?? 0).trim());
  return read?.labels;
}

function readBubble(item: string): Bubble | undefined {
  for (const kind of ['group', 'bubble'] as const) {
    const prefix = `synctest ${kind} `;
    const id = item.startsWith(prefix) ? wholeNumber(item.slice(prefix.length)) : undefined;
    if (id !== undefined) return { kind, id };
  }
  return undefined;
}

function splitFlags(text: string): { status: string; flags: ReadonlySet<string> } {
  const flags = new Set<string>();
  let status = text;
  for (let flag = flagOf(status); flag !== undefined; flag = flagOf(status)) {
    flags.add(flag);
    status = status.slice(0, -flag.length);
  }
  return { status, flags };
}

const flagOf = (status: string): string | undefined => FLAGS.find((flag) => status.endsWith(flag));

/** Where the bracket closes; quoted text may hold a `]`. -1: nowhere. */
function closingBracket(line: string, from: number): number {
  let isQuoted = false;
  for (let i = from; i < line.length; i++) {
    const char = line[i];
    if (isQuoted && char === '\\') i++;
    else if (char === '"') isQuoted = !isQuoted;
    else if (char === ']' && !isQuoted) return i;
  }
  return line.indexOf(']', from); // a quote that is not ours
}
