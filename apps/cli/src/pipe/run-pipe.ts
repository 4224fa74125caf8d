import { ofOurStdin } from '../capture/owner.ts';
import { DEFAULT_MAX_TRACE_BYTES } from '../capture/size.ts';
import { looseDir } from '../capture/wrapper.ts';
import { findStdinWriters } from '../facts/go-test-process.ts';
import { stdinFacts } from '../facts/host-facts.ts';
import type { World } from '../world.ts';
import type { Input } from './input.ts';
import { runStream, type StreamOptions } from './run-stream.ts';

/** `go test -json ./... | observe`. Resolves to the exit code, when all is said and kept. */
export async function runPipe(input: Input, options: StreamOptions, world: World): Promise<number> {
  const sinceMs = Date.now();
  const writers = findStdinWriters();
  return runStream(
    {
      input,
      facts: async () => ({ ...stdinFacts(await writers), ...stdinFacts(await findStdinWriters()) }),
      capture: {
        dir: looseDir(world.home),
        owner: ofOurStdin(writers, process.cwd(), sinceMs),
        maxTraceBytes: DEFAULT_MAX_TRACE_BYTES,
        leaveOut: (pkg) => `OBSERVE_CAPTURE_NO_TRACE="$(go list -f '{{.Dir}}' ${pkg})" go test …`,
      },
    },
    options,
    world,
  );
}
