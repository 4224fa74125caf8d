import { iterateRows } from '@observe/base';
import type { PackageState, RunState } from '@observe/run';
import { safeText } from '../terminal/text.ts';

/** How to call a package of this run. */
export type PackageNamer = (pkg: Pick<PackageState, 'name'>) => string;

/**
 * Import paths without what they all begin with: that of the module where it is known, else the longest path they share.
 * The module's own package is called by its last part.
 */
export function packageNamer(state: RunState): PackageNamer {
  const prefix = prefixOf(state);
  return ({ name }) => {
    if (name === '') return '(no package)';
    if (name === prefix) return safeText(lastPart(name), false);
    return safeText(prefix !== '' && name.startsWith(`${prefix}/`) ? name.slice(prefix.length + 1) : name, false);
  };
}

const lastPart = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

function prefixOf(state: RunState): string {
  const module = state.host?.module;
  let shared: string | undefined;
  for (const { name } of iterateRows(state.packages)) {
    if (module !== undefined && (name === module || name.startsWith(`${module}/`))) return module;
    shared = shared === undefined ? name : sharedPath(shared, name);
    if (shared === '') return '';
  }
  return state.packages.length > 1 ? (shared ?? '') : '';
}

/** The longest path at a `/` that both are or are under. */
function sharedPath(a: string, b: string): string {
  const [as, bs] = [a.split('/'), b.split('/')];
  const end = as.findIndex((part, i) => part !== bs[i]);
  return (end < 0 ? as : as.slice(0, end)).join('/');
}
