import type { Frame } from './frame.ts';

/**
 * First path elements of Go's standard library, 1.19 – 1.27. An import path with a dot in its first element is never the
 * library's; one without may be (`net`), or a module of that name (`shop`).
 */
const STD_ROOTS: ReadonlySet<string> = new Set(
  (
    'archive arena bufio builtin bytes cmp compress container context crypto database debug embed encoding errors ' +
    'expvar flag fmt go hash html image index internal io iter log maps math mime net os path plugin reflect regexp ' +
    'runtime simd slices sort strconv strings structs sync syscall testing text time unicode unique unsafe vendor weak'
  ).split(' '),
);

/**
 * The import path of a function as Go prints it: `example.com/m` of `example.com/m.(*T).M.func1`. Empty for C functions
 * and for `panic`. Source: Go escapes dots in the last element (`gopkg.in/yaml%2ev3.Parse`), so that the first one ends it.
 */
export function packageOf(func: string): string {
  const bracket = func.indexOf('['); // type arguments have import paths of their own
  const plain = bracket === -1 ? func : func.slice(0, bracket);
  const dot = plain.indexOf('.', plain.lastIndexOf('/') + 1);
  return dot === -1 ? '' : plain.slice(0, dot);
}

/** Code of the toolchain: the standard library, the runtime, C below them, and the generated `main` of a test binary. */
export function isStandardLibrary(frame: Pick<Frame, 'func' | 'file'>): boolean {
  const path = packageOf(frame.func);
  if (path === '') return true;
  if (path === 'main') return frame.file === '_testmain.go' || (frame.file?.endsWith('/_testmain.go') ?? false);
  const slash = path.indexOf('/');
  return STD_ROOTS.has(slash === -1 ? path : path.slice(0, slash));
}

/** What stands between the runtime and the call that a person would name. */
const GLUE = ['sync.(*Mutex).lockSlow', 'internal/poll.(*pollDesc).', 'internal/sync.', 'internal/runtime/'];

/**
 * Frames of the runtime that stand above what a goroutine waits for: `runtime.gopark`, and what other packages link to by
 * name (`sync.runtime_SemacquireMutex`).
 */
export function isRuntime({ func }: Pick<Frame, 'func'>): boolean {
  const path = packageOf(func);
  return (
    path === 'runtime' ||
    func === 'panic' ||
    func.startsWith('runtime_', path.length + 1) ||
    GLUE.some((glue) => func.startsWith(glue))
  );
}
