import { verdictOf } from '@observe/run';
import { ArtifactDir, checkArtifactDir } from '../capture/artifact-dir.ts';
import { Capture, type CaptureOptions } from '../capture/capture.ts';
import { watchConflicts, type ConflictAdvice } from '../capture/conflict.ts';
import { DEFAULT_MAX_TRACE_BYTES } from '../capture/size.ts';
import { sweep } from '../capture/sweep.ts';
import { openInBrowser, urlForBrowser } from '../collector/browser.ts';
import { checkCollector, type Collector } from '../collector/collector.ts';
import { lateFacts, quickFacts, type LateFacts } from '../facts/host-facts.ts';
import { EXIT, messageOf } from '../problem.ts';
import { isSet } from '../terminal/style.ts';
import type { World } from '../world.ts';
import { startDisplay, type Display } from './display.ts';
import type { Input } from './input.ts';
import { openRecording, type Recording } from './recording.ts';
import { catchSignals } from './signals.ts';
import { EXIT_CODES, firstStrays, noEvents, nothingToRead, troubles, whereabouts } from './tell.ts';

export interface StreamOptions {
  /** `auto`, `none` or a URL. Absent: `none` with CI set, else `auto`. */
  readonly collector?: string;
  readonly name?: string;
  /** Passes the stream through to stdout; then the summary goes to stderr. */
  readonly tee?: boolean;
  /** Opens the page in the browser. */
  readonly open?: boolean;
  /** Directory whose new files are kept beside the run. */
  readonly artifacts?: string;
}

/** A stream of `go test -json` and what is known of its writer. */
export interface Stream {
  readonly input: Input;
  /** What is known of the `go test`; asked when the first byte has come. */
  readonly facts: () => Promise<LateFacts>;
  /** Where its processes leave what they write; undefined when they are not captured. */
  readonly capture: (Omit<CaptureOptions, 'onFault'> & ConflictAdvice) | undefined;
  /** The `go test` itself, when it is our child. */
  readonly goTest?: GoTestProcess;
}

export interface GoTestProcess {
  /** Its exit code, as a shell would say it; resolves when it has ended. */
  readonly exitCode: Promise<number>;
  /** We are to end, and it with us. */
  terminate(): void;
  /** From now on what it says on stderr goes here. */
  listen(display: Display): void;
}

const CLOCK_MS = 10_000;
/** What `go` and `git` have not said by the end of the run is left out. */
const LATE_FACTS_MS = 1000;
/** When somebody wants us gone, the collector gets this long. */
const HURRIED_IDLE_MS = 1000;

/** Records a stream, shows it while it runs, and tells how it came out. Resolves to the exit code, when all is said and kept. */
export async function runStream(stream: Stream, options: StreamOptions, world: World): Promise<number> {
  const { input, goTest } = stream;
  const collector = options.collector ?? (isSet(world.env.CI) ? 'none' : 'auto');
  await checkCollector(collector, world);
  if (options.artifacts !== undefined) await checkArtifactDir(options.artifacts);
  const sinceMs = performance.timeOrigin;
  const display = await startDisplay(world);
  goTest?.listen(display);
  const say = (message: string): void => display.say(`observe: ${message}`);
  const run: { recording?: Recording; served?: Served } = {};
  const signals = catchSignals({
    onInterrupt() {
      if (run.recording?.state.end !== undefined) process.exit(EXIT.interrupted); // all is read and told
      say('interrupted; reading on until the stream ends (Ctrl-C again quits at once)');
    },
    onTerminate() {
      goTest?.terminate();
      input.stop();
    },
    onQuit() {
      run.recording?.end('interrupted');
      display.end();
      process.exit(EXIT.interrupted);
    },
  });

  if (!(await input.begun())) {
    const exitCode = await goTest?.exitCode;
    display.end();
    const code = exitCode ?? signals.exitCode ?? (signals.isInterrupted ? EXIT.interrupted : undefined);
    if (code === undefined) say(nothingToRead(input.fault));
    return code ?? EXIT.problem;
  }

  const recording = await openRecording(
    {
      collector,
      ...(options.tee === true ? { teeTo: 1 } : {}),
      onFault: say,
      onPage(by, page) {
        const isFirst = run.served === undefined;
        run.served = { collector: by, page };
        display.setPage(page);
        if (isFirst && options.open === true) {
          void urlForBrowser(by, page)
            .then(openInBrowser)
            .catch((error: unknown) => say(messageOf(error)));
        }
      },
    },
    world,
  );
  run.recording = recording;
  display.follow(recording);
  const capture =
    stream.capture === undefined ? undefined : new Capture({ ...stream.capture, onFault: say }, recording);
  capture?.start();
  const artifacts =
    options.artifacts === undefined
      ? undefined
      : await ArtifactDir.open(
          { dir: options.artifacts, sinceMs, maxTraceBytes: DEFAULT_MAX_TRACE_BYTES, onFault: say },
          recording,
        );
  artifacts?.start();
  await record(recording, stream, options.name, world, say);
  const exitCode = signals.exitCode ?? (await goTest?.exitCode);
  await capture?.finish();
  await artifacts?.finish();
  const swept = capture === undefined ? undefined : sweep(world.home);
  const isInterrupted = signals.exitCode !== undefined || signals.isInterrupted;
  recording.end(isInterrupted ? 'interrupted' : input.fault === undefined ? 'eof' : 'lost', exitCode);
  display.end();

  const { state, log } = recording;
  const [out, style] = options.tee === true ? [world.stderr, world.err] : [world.stdout, world.out];
  const source = { read: (from: number, to: number) => log.readText(from, to) };
  if (state.quality.events === 0) say(noEvents(state, await firstStrays(state, source)));
  else {
    const { summarise } = await import('../report/summary.ts');
    const { summaryText } = await import('../report/summary-text.ts');
    out.write(summaryText(await summarise(state, source), style));
  }
  const delivery = await recording.deliver(signals.exitCode === undefined ? undefined : HURRIED_IDLE_MS);
  await swept;
  signals.stop();
  out.write(whereabouts(recording.runId, delivery.kept, await linkOf(run.served, style.isColor), style));
  for (const trouble of troubles(delivery)) say(trouble);
  if (input.fault !== undefined) say(`stdin could not be read to its end: ${messageOf(input.fault)}`);
  if (recording.fault !== undefined) {
    say(`a fault of observe itself, what is told above is not all: ${messageOf(recording.fault)}`);
    return exitCode ?? EXIT.problem;
  }
  return exitCode ?? (state.quality.events === 0 && !isInterrupted ? EXIT.problem : EXIT_CODES[verdictOf(state)]);
}

/** Resolves at the end of the input. */
async function record(
  recording: Recording,
  { input, facts: streamFacts, capture }: Stream,
  name: string | undefined,
  world: World,
  say: (message: string) => void,
): Promise<void> {
  const facts = quickFacts(world.version, name);
  recording.host(facts);
  let isOver = false;
  const late = Promise.all([lateFacts(), streamFacts().catch(() => ({}))]).then(([found, ofStream]) => {
    if (isOver) return;
    const wall = new Date().toISOString();
    recording.host({ observeVersion: facts.observeVersion, wall, ...found, ...ofStream });
  });
  const clock = setInterval(() => recording.clock(), CLOCK_MS);
  const watch = capture === undefined ? undefined : watchConflicts(capture, say);
  await input.listen((bytes) => {
    watch?.(bytes);
    if (recording.take(bytes)) return;
    input.pause();
    void recording.drained().then(() => input.resume());
  });
  clearInterval(clock);
  await Promise.race([late, new Promise((resolve) => setTimeout(resolve, LATE_FACTS_MS))]);
  isOver = true;
}

/** Who has the run. `page`: URL of its page there. */
interface Served {
  readonly collector: Collector;
  readonly page: string;
}

/** The page, and what a click on it opens: with a code, so that a browser that was never here is let in. */
async function linkOf(
  served: Served | undefined,
  isClickable: boolean,
): Promise<{ text: string; url: string } | undefined> {
  if (served === undefined) return undefined;
  const { collector, page } = served;
  return { text: page, url: isClickable ? await urlForBrowser(collector, page).catch(() => page) : page };
}
