import { iterateRows } from '@observe/base';
import type { RunState } from '@observe/run';

/** What all package names have in common up to a `/`, so that a narrow column can leave it out. Empty for fewer than two packages. */
export function commonPrefix(run: RunState): string {
  let prefix: string | undefined;
  if (run.packages.length < 2) return '';
  for (const { name } of iterateRows(run.packages)) {
    prefix ??= name.slice(0, name.lastIndexOf('/') + 1);
    while (!name.startsWith(prefix)) prefix = prefix.slice(0, prefix.lastIndexOf('/', prefix.length - 2) + 1);
  }
  return prefix ?? '';
}

/** A package's name in a narrow column. */
export const shortPackage = (name: string, prefix: string): string =>
  name === '' ? '(no package)' : name.slice(prefix.length) || name;

/** A subtest's own part of its name: its parent's row is above it. */
export const shortTest = (name: string, parent: string | undefined): string =>
  parent !== undefined && name.startsWith(`${parent}/`) ? name.slice(parent.length + 1) : name;
