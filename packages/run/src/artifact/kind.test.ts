import { gunzipSync } from 'node:zlib';
import { recordingBytes } from '@observe/testkit';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ARTIFACT_HEAD_BYTES, kindOfArtifact } from './kind.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const kindOf = (text: string): string => kindOfArtifact(bytesOf(text)).kind;
const recorded = (name: string): Uint8Array => new Uint8Array(recordingBytes(name)).subarray(0, ARTIFACT_HEAD_BYTES);

test.each([
  ['shop/go1.22/reports.trace', 22],
  ['shop/go1.22/payments.trace', 22],
  ['shop/go1.25/auth.trace', 25],
  ['shop/go1.27/auth.trace', 26],
])('%s is a trace of format %i', (name, version) => {
  expect(kindOfArtifact(recorded(name))).toEqual({
    kind: 'trace',
    version,
    words: `an execution trace of Go 1.${version}`,
  });
});

test.each([
  ['profiles/go1.26/set.cover', 'coverage'],
  ['profiles/go1.26/count.cover', 'coverage'],
  ['profiles/go1.26/atomic.cover', 'coverage'],
  ['profiles/go1.26/goroutine.debug1.txt', 'goroutine-profile'],
  ['profiles/go1.26/goroutineleak.debug1.txt', 'goroutine-profile'],
  ['profiles/go1.26/goroutine.debug2.txt', 'dump'],
  ['profiles/go1.26/goroutineleak.debug2.txt', 'dump'],
  ['profiles/go1.26/heap.debug1.txt', 'legacy-profile'],
  ['profiles/go1.26/mutex.debug1.txt', 'legacy-profile'],
  ['streams/parallel.jsonl', 'test-json'],
  ['streams/nonjson-mixed.jsonl', 'test-json'],
  ['streams/builderr.jsonl', 'test-json'],
  ['std/io.jsonl', 'test-json'],
  ['shop/go1.24/run.jsonl', 'test-json'],
])('%s is a %s', (name, kind) => {
  expect(kindOfArtifact(recorded(name)).kind).toBe(kind);
});

test.each(
  ['block', 'cpu', 'mem', 'mutex'].flatMap((kind) =>
    ['auth', 'inventory', 'orders', 'payments'].map((name) => `shop/go1.22/${name}.${kind}.pprof`),
  ),
)('%s is packed, and a profile inside, however little of it is seen', (name) => {
  const bytes = recordingBytes(name);
  expect(kindOfArtifact(bytes).kind).toBe('gzip');
  const inside = new Uint8Array(gunzipSync(bytes));
  for (let size = 32; size <= inside.length; size += 13) {
    expect(kindOfArtifact(inside.subarray(0, size)).kind).toBe('pprof');
  }
});

test('text of go test is told from a bare panic', () => {
  expect(kindOf('=== RUN   TestA\n--- FAIL: TestA (0.00s)\npanic: boom\n\ngoroutine 7 [running]:\n')).toBe('test-text');
  expect(kindOf('ok  \texample.com/m\t0.2s\n')).toBe('test-text');
  expect(kindOf('?   \texample.com/m\t[no test files]\r\n')).toBe('test-text');
  expect(kindOf('    --- SKIP: TestA/b (0.00s)\n')).toBe('test-text');
  expect(kindOf('panic: boom\n\ngoroutine 7 [running]:\nmain.main()\n')).toBe('dump');
  expect(kindOf('SIGQUIT: quit\nPC=0x1 m=0 sigcode=0\n\ngoroutine 0 gp=0x1 m=0 mp=0x2 [idle]:\r\n')).toBe('dump');
  expect(kindOf('==================\nWARNING: DATA RACE\nRead at 0x1 by goroutine 7:\n')).toBe('dump');
});

test('a stream may begin with text, or with one line longer than what is seen of it', () => {
  expect(
    kindOf('go: downloading example.com/m v1.0.0\n{"ImportPath":"m","Action":"build-output","Output":"# m"}'),
  ).toBe('test-json');
  expect(
    kindOf(`{"Time":"2026-11-23T07:34:43Z","Action":"output","Package":"a\\"b","Output":"${'x'.repeat(20_000)}`),
  ).toBe('test-json');
  expect(kindOf('\ufeff{"Action":"start","Package":"m"}\n')).toBe('test-json');
});

test('what is none of them says so', () => {
  expect(kindOfArtifact(new Uint8Array(0)).kind).toBe('empty');
  expect(kindOf('hello')).toBe('unknown');
  expect(kindOf('\n\n')).toBe('unknown');
  expect(kindOf('{"name":"x"}\n')).toBe('unknown');
  expect(kindOf('mode: fast\n')).toBe('unknown');
  expect(kindOfArtifact(Uint8Array.of(0xff, 0xfe, 0x7b, 0))).toMatchObject({
    kind: 'unknown',
    words: expect.stringContaining('UTF-16') as string,
  });
});

test('any bytes are something', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      expect(kindOfArtifact(bytes).words).not.toBe('');
    }),
    { numRuns: 1000 },
  );
});

test('a head without end costs linear time', () => {
  for (const text of ['{"a":"', '{"a":"\\"', '{"a":"b",', ' ', '--- ', 'goroutine 1 [', '\n']) {
    expect(kindOf(text.repeat(200_000))).toBe('unknown');
  }
});
