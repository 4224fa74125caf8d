import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createParser } from './parse.ts';

const line =
  '{"Time":"2026-11-23T07:34:43.35533194Z","Action":"output","Package":"example.com/p","Test":"TestA/b","Output":"=== RUN   TestA\\n","OutputType":"frame"}';

test('reads every field of a line in Go’s own order', () => {
  expect(createParser()(line)).toEqual({
    action: 'output',
    time: { s: 1795419283, ns: 355331940, zoneMin: 0 },
    package: 'example.com/p',
    test: 'TestA/b',
    elapsed: undefined,
    output: '=== RUN   TestA',
    endsLine: true,
    outputType: 'frame',
    more: undefined,
  });
});

test('keeps the fields it does not know', () => {
  expect(createParser()('{"Action":"attr","Key":"k","Value":"v","Package":7}')).toMatchObject({
    action: 'attr',
    package: undefined,
    more: { Key: 'k', Value: 'v', Package: 7 },
  });
});

test('keeps nanoseconds and zone', () => {
  const parse = createParser();
  const at = (time: string): unknown => parse(`{"Time":"${time}","Action":"run","Package":"p","Test":"T"}`)?.time;
  expect(at('2026-11-23T02:34:43.123456789-05:00')).toEqual({ s: 1795419283, ns: 123456789, zoneMin: -300 });
  expect(at('2026-11-23T02:34:44.5-05:00')).toEqual({ s: 1795419284, ns: 500000000, zoneMin: -300 });
  expect(at('2026-11-23T02:34:44-05:00')).toEqual({ s: 1795419284, ns: 0, zoneMin: -300 });
  expect(at('2026-11-23T07:34:44.25Z')).toEqual({ s: 1795419284, ns: 250000000, zoneMin: 0 });
});

test.each([
  '',
  'ok  \tp\t0.1s',
  '{"Action":1}',
  '[]',
  'null',
  '{"Time":"2026-11-23T07:34:43Z","Action":"run"',
  '{"Package":"p"}',
  '"x"',
])('says that %j is no event', (text) => {
  expect(createParser()(text)).toBeUndefined();
});

const go = fc.record(
  {
    Time: fc.constantFrom(
      '2026-11-23T07:34:43.35533194Z',
      '2026-11-23T07:34:59.1Z',
      '2026-11-23T07:35:00+02:00',
      'yesterday',
    ),
    Action: fc.oneof(
      fc.constantFrom('run', 'output', 'pass', 'pause', 'cont', 'fail', 'skip', 'start', 'later'),
      fc.string(),
    ),
    Package: fc.oneof(fc.constantFrom('a', 'ab', 'example.com/p'), fc.string()),
    Test: fc.oneof(fc.constantFrom('TestA', 'TestA/b', 'TestA/ü☺'), fc.string()),
    Elapsed: fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer()),
    Output: fc.oneof(
      fc.string().map((s) => s + '\n'),
      fc.string({ unit: 'binary' }),
    ),
    OutputType: fc.constantFrom('frame', 'error', 'error-continue'),
    Key: fc.string(),
  },
  { requiredKeys: ['Action'] },
);

test('reads the quick way exactly what JSON.parse reads', () => {
  fc.assert(
    fc.property(fc.array(go, { maxLength: 8 }), (events) => {
      const quick = createParser();
      for (const event of events) {
        const text = JSON.stringify(event);
        // A space after the brace is valid JSON and sends the line the slow way.
        expect(quick(text)).toEqual(createParser()('{ ' + text.slice(1)));
      }
    }),
    { numRuns: 500 },
  );
});

test('never throws and never reads past its end', () => {
  fc.assert(
    fc.property(fc.nat(line.length), fc.string({ unit: 'binary' }), fc.nat(line.length), (at, noise, cut) => {
      const text = (line.slice(0, at) + noise + line.slice(at)).slice(0, cut);
      const whole = text + line;
      expect(createParser()(whole, 0, text.length)).toEqual(createParser()(text));
    }),
    { numRuns: 1000 },
  );
});
