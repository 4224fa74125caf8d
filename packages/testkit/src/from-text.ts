/*
 * A stream as a picture, one line a test (style.md, habit 14):
 *
 *   store            start@0                 fail@300ms
 *   store TestOpen   run@1ms  pass@20ms
 *   store TestQuery  run@21ms print@22ms:hello
 *
 * `pass`, `fail` and `skip` of a test write its result line and then the event, at the same time; `line-pass` only the
 * line, `event-pass` only the event. `print:text` writes plain output, `log:text` a line of t.Log.
 */
const ORIGIN_MS = Date.UTC(2026, 10, 23, 7, 0, 0);
const STEP = /(\S+?)@(\d+(?:\.\d+)?)(ms|s)?(?::(\S+))?/g;

/** Lines of `go test -json` for the picture, in order of time. */
export function streamFromText(picture: string): string {
  const events: { atMs: number; line: string }[] = [];
  for (const row of picture.split('\n')) {
    const words = row.trim().split(/\s+/);
    const name = words[0];
    if (name === undefined || name === '') continue;
    const test = words[1]?.includes('@') === false ? words[1] : undefined;
    for (const [, action = '', number = '0', unit, text] of row.matchAll(STEP)) {
      const atMs = Number(number) * (unit === 's' ? 1000 : 1);
      for (const event of expand(action, test, text)) {
        const Time = new Date(ORIGIN_MS + Math.floor(atMs)).toISOString().replace('Z', fraction(atMs) + 'Z');
        events.push({
          atMs,
          line: JSON.stringify({ Time, ...event, Package: name, ...(test === undefined ? {} : { Test: test }) }),
        });
      }
    }
  }
  return events
    .sort((a, b) => a.atMs - b.atMs)
    .map(({ line }) => line + '\n')
    .join('');
}

const fraction = (ms: number): string => String(Math.round((ms % 1) * 1e6)).padStart(6, '0');

function expand(
  action: string,
  test: string | undefined,
  text: string | undefined,
): readonly Record<string, unknown>[] {
  const output = (Output: string): Record<string, unknown> => ({ Action: 'output', Output });
  const word = action.replace(/^(line|event)-/, '');
  if (test !== undefined && (word === 'pass' || word === 'fail' || word === 'skip')) {
    const line = output(`--- ${word.toUpperCase()}: ${test} (0.00s)\n`);
    if (action.startsWith('line-')) return [line];
    return action.startsWith('event-') ? [{ Action: word }] : [line, { Action: word, Elapsed: 0 }];
  }
  if (action === 'print') return [output(`${text ?? ''}\n`)];
  if (action === 'log') return [output(`    x_test.go:1: ${text ?? ''}\n`)];
  return [{ Action: action }];
}
