import type { WallTime } from '@observe/base';

/** Actions that Go 1.10–1.27 writes. */
export type TestAction =
  | 'start'
  | 'run'
  | 'pause'
  | 'cont'
  | 'pass'
  | 'bench'
  | 'fail'
  | 'output'
  | 'skip'
  | 'attr'
  | 'artifacts'
  | 'build-output'
  | 'build-fail';

/**
 * One line of `go test -json`. Source: Go, package comment of `cmd/test2json`, and go-test-json.md.
 * Only `action` is always there; an unknown one is data: it is kept, and ends nothing.
 */
export interface TestEvent {
  readonly action: TestAction | (string & {});
  /** When the `go` command converted the line; absent on build events and in streams made without `-t`. */
  readonly time: WallTime | undefined;
  /** Import path; absent on build events and in streams made without `-p`. */
  readonly package: string | undefined;
  /** Full name, `TestA/sub`; absent: the package itself. */
  readonly test: string | undefined;
  /** Seconds. Tests: steps of 10 ms. Packages: 1 ms. */
  readonly elapsed: number | undefined;
  /** The text without its last newline (see `endsLine`); at most 1,024 bytes of a line, but any length in build output. */
  readonly output: string | undefined;
  /** The output ended in a newline. Apart from the text: adding it to each would cost a copy of each. */
  readonly endsLine: boolean;
  /** Go 1.27: `frame`, `error`, `error-continue`. Its absence proves nothing. */
  readonly outputType: string | undefined;
  /** Rare fields (FailedBuild, Key, Value, Path, ImportPath, and all that we do not know); undefined when there are none. */
  readonly more: Readonly<Record<string, unknown>> | undefined;
}
