import { NONE } from '../state.ts';

/** The children of one parent, on both sides, in the order in which they began. */
export interface Siblings {
  /** Rows of the owners. */
  readonly owners: readonly number[];
  /** Rows of the tests whose `run` the stream has. */
  readonly tests: readonly number[];
  /** Rows of tests whose `run` was lost (R1): they took part in the order, nobody knows where. */
  readonly lost: readonly number[];
  /** No more will come on either side: as many owners as tests, or something is wrong. */
  readonly isClosed: boolean;
}

/** Owners that are looked at to tell a missing test from one out of place. */
const LOOK_AHEAD = 16;

/** Names, where both sides have one. */
export interface SiblingNames {
  /** What an owner's stacks say; undefined when they say nothing. */
  owner(owner: number): string | undefined;
  test(test: number): string;
}

/**
 * Pairs of owner and test, side by side in two lists; `isNamed`: the names agree. Where names say that the order is broken, only what
 * they confirm is paired, and between two such pairs what has as many owners as tests.
 */
export function matchSiblings(
  { owners: all, tests, lost, isClosed }: Siblings,
  names: SiblingNames,
  pair: (owner: number, test: number, isNamed: boolean) => void,
): void {
  const places = placesByName(tests, names);
  const lostPlaces = placesByName(lost, names);
  let stillLost = lost.length;
  const owners = all.filter((owner) => {
    const name = names.owner(owner);
    const place = name === undefined || places.has(name) ? undefined : lostPlaces.get(name)?.shift();
    if (place === undefined) return true;
    pair(owner, lost[place] as number, true);
    stillLost--;
    return false;
  });

  const ownerNames = owners.map((owner) => names.owner(owner));
  const testNames = tests.map((test) => names.test(test));
  let lastOwner = -1;
  let lastTest = -1;
  /** Owners since the last pair whose tests are missing. */
  let missing = 0;
  for (let i = 0; i < owners.length; i++) {
    const name = ownerNames[i];
    if (name === undefined) continue;
    const expected = i - lastOwner + lastTest - missing;
    let at = nearest(places.get(name), expected, lastTest);
    if (at !== expected && agreement(i + 1, expected - 1 - i) >= Math.max(1, agreement(i + 1, at - i))) at = NONE;
    if (at === NONE) {
      missing++;
      continue;
    }
    if (i - lastOwner === at - lastTest) fill(i, at);
    pair(owners[i] as number, tests[at] as number, true);
    lastOwner = i;
    lastTest = at;
    missing = 0;
  }
  const isEqual = owners.length - lastOwner === tests.length - lastTest;
  if (isClosed ? isEqual : lastOwner - lastTest >= stillLost) fill(owners.length, tests.length);

  /** By their order, what lies between; nothing when a name contradicts. */
  function fill(toOwner: number, toTest: number): void {
    const count = Math.min(toOwner - lastOwner, toTest - lastTest) - 1;
    for (let k = 1; k <= count; k++) if (ownerNames[lastOwner + k] !== undefined) return;
    for (let k = 1; k <= count; k++) pair(owners[lastOwner + k] as number, tests[lastTest + k] as number, false);
  }

  /** How many of the next owners have the name of the test that stands `shift` places further on. */
  function agreement(from: number, shift: number): number {
    let count = 0;
    for (let i = from; i < from + LOOK_AHEAD; i++) {
      if (ownerNames[i] !== undefined && ownerNames[i] === testNames[i + shift]) count++;
    }
    return count;
  }
}

function placesByName(tests: readonly number[], names: SiblingNames): Map<string, number[]> {
  const places = new Map<string, number[]>();
  tests.forEach((test, place) => {
    const name = names.test(test);
    const known = places.get(name);
    if (known === undefined) places.set(name, [place]);
    else known.push(place);
  });
  return places;
}

/** The place nearest to `wanted` that lies behind `after`; NONE when there is none. `places` is sorted. */
function nearest(places: readonly number[] | undefined, wanted: number, after: number): number {
  if (places === undefined) return NONE;
  let low = 0;
  let high = places.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((places[middle] as number) >= wanted) high = middle;
    else low = middle + 1;
  }
  const above = places[low] ?? NONE;
  const below = places[low - 1] ?? NONE;
  if (below <= after) return above <= after ? NONE : above;
  return above === NONE || wanted - below < above - wanted ? below : above;
}
