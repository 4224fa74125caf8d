import { expect, test } from 'vitest';
import { execOf, isGoTest, timeoutNsOf } from './go-test-flags.ts';

test('knows go test from its neighbours', () => {
  const isIt = (line: string): boolean => isGoTest(line.split(' '));
  expect(
    ['go test -json ./...', '/usr/local/go/bin/go test', 'go1.26.8 test', 'go -C sub test ./...', 'go.exe test'].map(
      isIt,
    ),
  ).toEqual(Array(5).fill(true));
  expect(['go build ./...', 'gotestsum test', 'cargo test', 'go', 'tee test', 'go run test'].map(isIt)).toEqual(
    Array(6).fill(false),
  );
});

test('reads the timeout as go test does', () => {
  const of = (line: string): number | undefined => timeoutNsOf(line.split(' '));
  expect(of('go test ./...')).toBe(600e9);
  expect(of('go test -timeout 5s ./...')).toBe(5e9);
  expect(of('go test --timeout=1m30s -timeout=2m ./...')).toBe(120e9);
  expect(of('go test -timeout=0 ./...')).toBe(0);
  expect(of('go test -args -timeout=1s')).toBe(600e9);
  expect(of('go test -timeout=soon ./...')).toBeUndefined();
});

test('finds -exec in GOFLAGS', () => {
  expect(['-exec=a', "-race '-exec=a b' -x", '--exec=a -exec=b'].map(execOf)).toEqual(['a', 'a b', 'b']);
  expect(['', '-race', '-execute=x'].map(execOf)).toEqual([undefined, undefined, undefined]);
});
