/** Bytes of `go test -json`, made for a test where no recording has what it takes. */
export interface Stream {
  /** Of the file that it is imported from. */
  readonly name: string;
  /** Of the run, where it is not the file's. */
  readonly title?: string;
  readonly bytes: () => string;
}

type Tests = Readonly<Record<string, Iterable<string>>>;

const PKG = 'example.com/made';

/** One package with tests that print these lines, and pass. */
export const streamOf = (name: string, tests: Tests, title = name): Stream => ({
  name,
  title,
  bytes: () => [...eventsOf(tests)].map((event, i) => JSON.stringify({ Time: timeOf(i), ...event }) + '\n').join(''),
});

function* eventsOf(tests: Tests): Generator<object> {
  const output = (Output: string, Test?: string): object => ({ Action: 'output', Package: PKG, Test, Output });
  yield { Action: 'start', Package: PKG };
  for (const [Test, lines] of Object.entries(tests)) {
    yield { Action: 'run', Package: PKG, Test };
    yield output(`=== RUN   ${Test}\n`, Test);
    for (const line of lines) yield output(`${line}\n`, Test);
    yield output(`--- PASS: ${Test} (0.00s)\n`, Test);
    yield { Action: 'pass', Package: PKG, Test, Elapsed: 0 };
  }
  yield output('PASS\n');
  yield { Action: 'pass', Package: PKG, Elapsed: 1 };
}

/** A microsecond after the other. */
const timeOf = (i: number): string =>
  new Date(Date.UTC(2026, 10, 23, 7) + i / 1000).toISOString().replace('Z', `${String(i % 1000).padStart(3, '0')}Z`);
