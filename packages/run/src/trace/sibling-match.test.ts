import { expect, test } from 'vitest';
import { matchSiblings } from './sibling-match.ts';

/**
 * Owners by the names that their stacks show (`?`: none), tests by their names, `lost` those whose `run` was lost. Tells what is paired:
 * `TestA=TestA` by its name, `?=TestB` by its order.
 */
function match(owners: string, tests: string, { lost = '', isClosed = false } = {}): string {
  const owner = owners.split(' ');
  const name = [...tests.split(' '), ...lost.split(' ')].filter((each) => each !== '');
  const runs = tests === '' ? 0 : tests.split(' ').length;
  const rows = name.map((_, row) => row);
  const found: string[] = owner.map((each) => `${each}=`);
  matchSiblings(
    { owners: owner.map((_, row) => row), tests: rows.slice(0, runs), lost: rows.slice(runs), isClosed },
    { owner: (row) => (owner[row] === '?' ? undefined : owner[row]), test: (row) => name[row]! },
    (row, of) => (found[row] = `${owner[row]}=${name[of]}`),
  );
  return found.join(' ');
}

test('pairs by order where nothing speaks against it, as far as both have come', () => {
  expect(match('? ? ?', 'A B')).toBe('?=A ?=B ?=');
  expect(match('? B', 'A B C')).toBe('?=A B=B');
});

test('a lost run shifts what follows: the next name brings it back in line', () => {
  expect(match('A B C D', 'A C D')).toBe('A=A B= C=C D=D');
  expect(match('A ? ? D ?', 'A C D E')).toBe('A=A ?= ?= D=D ?=E');
});

test('a test known by a later event is found by its name', () => {
  expect(match('A B C D', 'A C D', { lost: 'B' })).toBe('A=A B=B C=C D=D');
});

test('after a lost run without a name, what no name confirms stays open', () => {
  expect(match('A ? ?', 'A C', { lost: 'B' })).toBe('A=A ?= ?=');
  expect(match('? ? D ?', 'A D E', { lost: 'B' })).toBe('?= ?= D=D ?=E');
});

test('a family that is over and has more on one side is not paired by order', () => {
  expect(match('? ? ?', 'A B', { isClosed: true })).toBe('?= ?= ?=');
  expect(match('? ?', 'A B', { isClosed: true })).toBe('?=A ?=B');
});

test('a name that comes again and again (-count) is the nearest one', () => {
  expect(match('A B A B A B', 'A B B A B')).toBe('A=A B=B A= B=B A=A B=B');
});

test('names that fit nowhere leave what is around them open', () => {
  expect(match('? X ?', 'A B C')).toBe('?= X= ?=');
});
