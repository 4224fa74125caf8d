import { isRuntime, isStandardLibrary, testFunctionOf } from '@observe/gostack';
import type { ShownFrame } from '@observe/protocol';

/** One call, of a dump or of a trace; a dump may lack the place. */
export interface Call {
  readonly func: string;
  readonly file?: string | undefined;
  readonly line?: number | undefined;
}

/** A library's source lies in the module cache, or is vendored; with -trimpath its path begins with module@version. */
const LIBRARY = /@v\d|\/vendor\/|\/pkg\/mod\//;

function isOwn({ func, file = '' }: Call): boolean {
  if (LIBRARY.test(file)) return false;
  const isTest = file === '' ? testFunctionOf(func) !== undefined : file.endsWith('_test.go');
  return isTest || !isStandardLibrary({ func, file });
}

/**
 * The user's own call nearest to what happened: the first outside of the standard library and of libraries. Where the standard
 * library itself is under test, its tests are the user's. Undefined: there is none.
 */
export const ownCall = <C extends Call>(frames: readonly C[]): C | undefined => frames.find(isOwn);

/** What a goroutine stands in: the first call that is not the runtime's. */
export const standsIn = <C extends Call>(frames: readonly C[]): C | undefined =>
  frames.find(({ func }) => !isRuntime({ func }));

export const shownFrames = (frames: readonly Call[]): ShownFrame[] =>
  frames.map(({ func, file, line }) => ({ func, file: file ?? '', line: line ?? 0 }));

/** `payments.TestRefundLeaks.func1 (payments_test.go:52)`: short enough for a line. */
export function placeOf(call: Call | undefined): string {
  if (call === undefined) return 'a place that is not known';
  const func = call.func.slice(call.func.lastIndexOf('/') + 1);
  const file = call.file?.slice(call.file.lastIndexOf('/') + 1);
  return file === undefined || file === '' ? func : `${func} (${file}:${call.line ?? 0})`;
}
