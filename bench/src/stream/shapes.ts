import type { Shape } from './plan.ts';

const MILLION = { seed: 1, tests: 100_000, events: 1_000_000, hasOutputType: true, hasLongLines: false } as const;

/** 100,000 tests in 200 packages. */
export const PACKAGES: Shape = { ...MILLION, name: 'packages', packages: 200, isOneTable: false };
/** 100,000 subtests of one test. */
export const SUBTESTS: Shape = { ...MILLION, name: 'subtests', packages: 1, isOneTable: true };
/** About 1 GB: a run that prints much. */
export const GIGABYTE: Shape = { ...PACKAGES, name: 'gigabyte', events: 1_350_000, hasLongLines: true };

export const SHAPES = [PACKAGES, SUBTESTS, GIGABYTE];
