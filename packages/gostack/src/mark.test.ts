import { expect, test } from 'vitest';
import { parseMark } from './mark.ts';

test.each([
  ['exit status 2', { kind: 'exit-status', code: 2 }],
  ['signal: killed', { kind: 'signal', signal: 'killed', isCoreDumped: false }],
  ['signal: segmentation fault (core dumped)', { kind: 'signal', signal: 'segmentation fault', isCoreDumped: true }],
  ['*** Test killed with quit: ran too long (11m0s).', { kind: 'test-killed', signal: 'quit', afterNs: 660e9 }],
  ['*** Test killed: ran too long (11m0s).', { kind: 'test-killed', signal: undefined, afterNs: 660e9 }],
  ['*** Test I/O incomplete 5s after exiting.', { kind: 'io-incomplete', afterNs: 5e9 }],
  ['    testing.go:1867: race detected during execution of test', { kind: 'race-in-test' }],
  ['testing: race detected outside of test execution', { kind: 'race-outside-test' }],
  ['Found 3 data race(s)', { kind: 'races-found', count: 3 }],
  ['exit status: 2', undefined],
  ['Found them', undefined],
  ['    x_test.go:1: race detected during execution of test', undefined],
  ['', undefined],
])('reads the mark %j', (line, expected) => {
  expect(parseMark(line)).toEqual(expected);
});
