import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isFrameOf, readResult } from './frame.ts';
import { readHead } from './head.ts';
import { FLAG, KIND, newLineColumns, type LineColumns } from './line-columns.ts';
import { LineReader } from './line-reader.ts';
import { createParser } from './parse.ts';

const bytesOf = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text));
const KINDS = Object.keys(KIND);
const kindsIn = (columns: LineColumns, count: number): (string | undefined)[] =>
  [...columns.kinds.subarray(0, count)].map((kind) => KINDS[kind]);

/** Lines as Go writes them, of one test. */
const line = (action: string, rest = '', test = 'TestA/b'): string =>
  `{"Time":"2026-11-23T07:34:43.35533194Z","Action":"${action}","Package":"example.com/p","Test":"${test}"${rest}}\n`;
const output = (text: string, type = ''): string =>
  line('output', `,"Output":"${text}"${type === '' ? '' : `,"OutputType":"${type}"`}`);

test('reads the life of a test without an event', () => {
  const text = [
    line('run'),
    output('=== RUN   TestA/b\\n', 'frame'),
    output('=== PAUSE TestA/b\\n'),
    line('pause'),
    line('cont'),
    output('    x_test.go:4: said \\"so\\"\\n'),
    output('half'),
    output('    --- FAIL: TestA/b (1.25s)\\n'),
    line('fail', ',"Elapsed":1.25'),
  ].join('');
  const columns = newLineColumns(16);
  const reader = new LineReader();
  const count = reader.read(bytesOf(text), 0, columns);
  expect(kindsIn(columns, count)).toEqual(['run', 'step', 'step', 'pause', 'cont', 'plain', 'plain', 'failed', 'fail']);
  expect([...columns.elapsed.subarray(0, count)]).toEqual([...Array<number>(7).fill(NaN), 1.25, 1.25]);
  expect(new Set(columns.names.subarray(0, count)).size).toBe(1);
  expect([reader.end, columns.ends[count - 1]]).toEqual([text.length, text.length - 1]);
});

test.each([
  ['text', 'ok  \tp\t0.1s\n'],
  ['an event of a package', '{"Time":"2026-11-23T07:34:43Z","Action":"start","Package":"p"}\n'],
  ['a head of a dying process', output('panic: boom\\n')],
  ['a frame of another test', output('--- PASS: TestB (0.00s)\\n')],
  ['a frame in the middle of a line', output('half--- PASS: TestA/b (0.00s)\\n')],
  ['text beyond ASCII', output('ü\\n')],
  ['an action that nobody knows', line('later')],
  ['JSON that is none', output('\\x')],
  ['a line without its newline', line('pass').trimEnd()],
])('leaves %s to the parser', (_, text) => {
  const columns = newLineColumns(1);
  expect([new LineReader().read(bytesOf(text), 0, columns), columns.kinds[0]]).toEqual([1, KIND.other]);
});

test('goes on where the columns were full, and tells tests of one name in two packages apart', () => {
  const text = line('run') + line('run').replace('/p"', '/q"') + line('run', '', 'TestC') + line('pass');
  const columns = newLineColumns(1);
  const reader = new LineReader();
  const names: (number | undefined)[] = [];
  for (let at = 0; at < text.length; at = reader.end) {
    expect(reader.read(bytesOf(text), at, columns)).toBe(1);
    names.push(columns.names[0]);
  }
  const [first, other, third, again] = names;
  expect(again).toBe(first);
  expect(new Set([first, other, third]).size).toBe(3);
  expect(reader.packageOf(first ?? -1)).toBe(reader.packageOf(third ?? -1));
  expect(reader.packageOf(first ?? -1)).not.toBe(reader.packageOf(other ?? -1));
});

const anyLine = fc
  .record({
    time: fc.constantFrom(
      '2026-11-23T07:34:43.35533194Z',
      '2026-11-23T07:35:00Z',
      '2026-11-23T09:34:59.1+02:00',
      '2026-02-30T07:34:43Z',
      '2026-11-23T07:34:43.Z',
    ),
    action: fc.constantFrom('run', 'pause', 'cont', 'pass', 'fail', 'skip', 'output', 'output', 'start'),
    pkg: fc.constantFrom('p', 'example.com/q', '\\u003cp'),
    name: fc.constantFrom('TestA', 'TestA/b', 'TestA/ü', 'Test\\"x', 'TestA\\'),
    elapsed: fc.oneof(
      fc.constantFrom('', ',"Elapsed":01', ',"Elapsed":.5'),
      fc.double().map((n) => `,"Elapsed":${n}`),
    ),
    text: fc.oneof(
      fc.constantFrom(
        '--- PASS: NAME (0.05s)\\n',
        '=== RUN   NAME\\n',
        '=== RUN   TestA/b\\n',
        '  --- SKIP: NAME (1s)',
      ),
      fc.string({ unit: 'binary', maxLength: 12 }).map((text) => JSON.stringify(text + '\n').slice(1, -1)),
      fc
        .array(fc.constantFrom('\\', 'n', 'u', '"', '001b', '003c', '-', '=', ' ', 'panic: ', '\n'))
        .map((a) => a.join('')),
    ),
    type: fc.constantFrom('', ',"OutputType":"frame"', ',"OutputType":"error-continue"', ',"OutputType":"x"'),
    end: fc.constantFrom('}\n', '}\r\n', '}', ',}\n'),
  })
  .map(({ time, action, pkg, name, elapsed, text, type, end }) => {
    const rest = action === 'output' ? `,"Output":"${text.replace('NAME', name)}"${type}` : elapsed;
    return `{"Time":"${time}","Action":"${action}","Package":"${pkg}","Test":"${name}"${rest}${end}`;
  });

test('says of a line what the parser says, or nothing', () => {
  fc.assert(
    fc.property(fc.array(anyLine, { minLength: 1, maxLength: 8 }), (lines) => {
      const bytes = bytesOf(lines.join(''));
      const columns = newLineColumns(64);
      const count = new LineReader().read(bytes, 0, columns);
      const names = new Map<number | undefined, string>();
      let at = 0;
      for (let i = 0; i < count; i++) {
        const end = columns.ends[i] ?? 0;
        const event = createParser()(Buffer.from(bytes.subarray(at, end)).toString().replace(/\r$/, ''));
        at = end + 1;
        const kind = KINDS[columns.kinds[i] ?? 0] ?? '';
        if (kind === 'other') continue;
        const isOutput = ['step', 'passed', 'failed', 'skipped', 'plain'].includes(kind);
        const text = event?.output ?? '';
        const flags = columns.flags[i] ?? 0;
        const full = `${event?.package ?? ''} ${event?.test ?? ''}`;
        expect(names.get(columns.names[i]) ?? full).toBe(full);
        names.set(columns.names[i], full);
        const said = readResult(text);
        expect({
          action: isOutput ? 'output' : kind,
          time: { s: columns.seconds[i], ns: columns.nanos[i] },
          elapsed: columns.elapsed[i],
          type:
            (flags & FLAG.isFrame) !== 0 ? 'frame' : (flags & FLAG.hasOutputType) !== 0 ? 'error-continue' : undefined,
          endsLine: (flags & FLAG.endsLine) !== 0,
        }).toEqual({
          action: event?.action,
          time: { s: event?.time?.s, ns: event?.time?.ns },
          elapsed: (isOutput && kind !== 'plain' && kind !== 'step' ? said?.elapsed : event?.elapsed) ?? NaN,
          type: event?.outputType,
          endsLine: event?.endsLine === true,
        });
        if (isOutput) expect(columns.sizes[i]).toBe(text.length + (event?.endsLine === true ? 1 : 0));
        if (kind === 'step') expect(event?.outputType === 'frame' || isFrameOf(text, event?.test ?? '')).toBe(true);
        if (kind === 'plain')
          expect([said, readHead(text), isFrameOf(text, event?.test ?? '')]).toEqual([undefined, undefined, false]);
        const mark = { passed: 'PASS', failed: 'FAIL', skipped: 'SKIP' }[kind];
        if (mark !== undefined) expect(said).toMatchObject({ mark, name: event?.test });
      }
      expect(at).toBeGreaterThanOrEqual(bytes.length);
    }),
    { numRuns: 1000 },
  );
});
