import { readFile } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';

/** What `go test` calls a package that was given as files. */
const FILES = 'command-line-arguments';
/** More directories above a package are not looked at. */
const MAX_DEPTH = 100;

/**
 * Import path of the package whose tests run in `directory` as `binary`: the path of the module above it and the way down from there.
 * Undefined outside of modules (GOPATH), where only Go knows.
 */
export async function importPathOf(directory: string, binary: string): Promise<string | undefined> {
  if (basename(binary).replace(/\.exe$/, '') === `${FILES}.test`) return FILES;
  const cached = fromModuleCache(directory);
  if (cached !== undefined) return cached;
  let dir = directory;
  for (let depth = 0; depth < MAX_DEPTH; depth++, dir = dirname(dir)) {
    const text = await readFile(join(dir, 'go.mod'), 'utf8').catch(() => undefined);
    if (text !== undefined) return pathIn(modulePathOf(text), relative(dir, directory).split(sep).join('/'));
    if (dir === dirname(dir)) break;
  }
  return undefined;
}

/** Module path of a go.mod; undefined when it says none. */
export const modulePathOf = (goMod: string): string | undefined =>
  /^\s*module\s+(?:\(\s*)?["`]?([^\s"`()]+)/m.exec(goMod.replace(/\/\/.*$/gm, ''))?.[1];

/** `below`: from the module's directory to the package's, with slashes; empty in the module's own. */
function pathIn(module: string | undefined, below: string): string | undefined {
  if (module === undefined || below === '') return module;
  if (module === 'std') return below; // GOROOT/src: its own vendored packages keep `vendor/` in their paths
  return below.startsWith('vendor/') ? below.slice('vendor/'.length) : `${module}/${below}`;
}

/**
 * A package in the module cache, `…/example.com/!upper/module@v1.2.3/below`: upper case is written as `!` and lower case
 * (go.dev/ref/mod, "Module cache"). Many old modules have no go.mod there.
 */
function fromModuleCache(directory: string): string | undefined {
  const found = /[\\/]pkg[\\/]mod[\\/](.+?)@v\d[^\\/]*(.*)$/.exec(directory);
  if (found === null) return undefined;
  const [, module = '', below = ''] = found;
  return (module + below).replaceAll('\\', '/').replace(/!([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
