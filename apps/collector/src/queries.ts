import { iterateRows } from '@observe/base';
import type { RunState } from '@observe/run';
import * as z from 'zod';
import { HttpError } from './http-error.ts';

/** What a request says, by its schema. HttpError 400 in words for people. */
export function read<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new HttpError(400, 'bad-request', z.prettifyError(result.error));
}

// Rows by name. HttpError 404 where there is none.

export function packageRow(state: RunState, name: string): number {
  for (const pkg of iterateRows(state.packages)) if (pkg.name === name) return pkg.row;
  throw new HttpError(404, 'unknown-package', `no package ${JSON.stringify(name)} in this run; /tests lists them`);
}

export function testRow(state: RunState, packageName: string, name: string, occurrence: number): number {
  const pkg = packageRow(state, packageName);
  for (const test of iterateRows(state.tests)) {
    if (test.package === pkg && test.name === name && test.occurrence === occurrence) return test.row;
  }
  const which = occurrence === 1 ? '' : ` (occurrence ${occurrence})`;
  throw new HttpError(
    404,
    'unknown-test',
    `no test ${JSON.stringify(name)}${which} in ${packageName}; /tests lists them`,
  );
}

export function buildRow(state: RunState, importPath: string): number {
  for (const build of iterateRows(state.builds)) if (build.importPath === importPath) return build.row;
  throw new HttpError(
    404,
    'unknown-build',
    `no build ${JSON.stringify(importPath)} in this run; /tests lists the broken ones`,
  );
}
