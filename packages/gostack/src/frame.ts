import { wholeNumber } from './whole-number.ts';

/** One line of a stack: a call, and where. */
export interface Frame {
  /** As Go prints it: `testing.tRunner`, `example.com/m.(*T).M.func1`, `panic` (for runtime.gopanic), `non-Go function`. */
  readonly func: string;
  /** What stands between the parentheses: hexadecimal words; `...` for an inlined call. Absent where Go prints none. */
  readonly args: string | undefined;
  /** As the compiler recorded it, `/` on Windows too; absent for C without symbols. */
  readonly file: string | undefined;
  readonly line: number | undefined;
}

/** `created by F in goroutine N`, and the line of the `go` statement. */
export interface CreatedBy {
  readonly func: string;
  /** Absent before Go 1.21, and for timers (`time.goFunc`). */
  readonly goid: number | undefined;
  readonly file: string | undefined;
  readonly line: number | undefined;
}

/** A place as printed under a call. `isForeign`: C, with a pc and no offset. */
export interface Site {
  readonly file: string | undefined;
  readonly line: number | undefined;
  readonly isForeign: boolean;
}

const ARGS = /^[0-9a-fx{}.,?_ ]*$/;

/** `func(args)`: the first line of a frame. Arguments have no parentheses, so the last one opened is theirs. */
export function parseCall(line: string): Pick<Frame, 'func' | 'args'> | undefined {
  if (!line.endsWith(')')) return undefined;
  const open = line.lastIndexOf('(');
  if (open <= 0) return undefined;
  const func = line.slice(0, open);
  const args = line.slice(open + 1, -1);
  return /\s/.test(func) || !ARGS.test(args) ? undefined : { func, args };
}

const PLACE = /:(\d+)( \+0x[0-9a-f]+)?( fp=0x[0-9a-f]+ sp=0x[0-9a-f]+)?( pc=0x[0-9a-f]+)?$/;
const PC_ONLY = /^pc=0x[0-9a-f]+$/;

/** `file:line +0x… fp=0x… sp=0x… pc=0x…` after its indent. Read from the end: a path may hold spaces and colons. */
export function parsePlace(text: string): Site | undefined {
  if (PC_ONLY.test(text)) return { file: undefined, line: undefined, isForeign: true };
  const match = PLACE.exec(text);
  const line = wholeNumber(match?.[1] ?? '');
  if (match === null || match.index === 0 || line === undefined) return undefined;
  return { file: text.slice(0, match.index), line, isForeign: match[4] !== undefined && match[3] === undefined };
}

/** The second line of a frame in a dump: a TAB and a place. */
export const parseSite = (line: string): Site | undefined =>
  line.startsWith('\t') ? parsePlace(line.slice(1)) : undefined;

/** The two lines of a frame of a dump; undefined when they are none. */
export function parseFrame(callLine: string, siteLine: string): Frame | undefined {
  const call = parseCall(callLine);
  const site = parseSite(siteLine);
  return call && site && { ...call, file: site.file, line: site.line };
}

const CREATED_BY = 'created by ';
const IN_GOROUTINE = ' in goroutine ';

/** The first line of the creation site; undefined when it is none. */
export function parseCreatedBy(line: string): Pick<CreatedBy, 'func' | 'goid'> | undefined {
  if (!line.startsWith(CREATED_BY)) return undefined;
  const at = line.lastIndexOf(IN_GOROUTINE);
  const goid = at === -1 ? undefined : wholeNumber(line.slice(at + IN_GOROUTINE.length));
  const func = line.slice(CREATED_BY.length, goid === undefined ? undefined : at);
  return func === '' || /\s/.test(func) ? undefined : { func, goid };
}
