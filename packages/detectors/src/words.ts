import { assertNever, formatNs, plural } from '@observe/base';

/** What a finding says to people. */
export interface Words {
  readonly title: string;
  readonly detail: string;
  readonly next: string;
}

const MAX_NAMES = 5;
/** UTF-16 code units of one name: some are made by machines. */
const MAX_NAME = 120;

const short = (name: string): string => (name.length <= MAX_NAME ? name : `${name.slice(0, MAX_NAME)}…`);

/** `TestA, TestB and 3 more` */
export function names(all: readonly string[]): string {
  const shown = all.slice(0, MAX_NAMES).map(short).join(', ');
  return all.length <= MAX_NAMES ? shown : `${shown} and ${all.length - MAX_NAMES} more`;
}

/** Lines that are there, in their order. */
export const lines = (...all: readonly (string | undefined | false)[]): string =>
  all.filter((line) => line !== undefined && line !== false && line !== '').join('\n');

export const list = (words: string, all: readonly string[]): string | undefined =>
  all.length === 0 ? undefined : `${words}: ${names(all)}.`;

/** What a stream can lack. */
export type QualityNote = 'verbose' | 'no-time' | 'no-package' | 'cached' | 'strays' | 'long-lines' | 'time-steps';

/** The texts of detectors that look at the stream, by the detector's id; those of traces are in `trace-words.ts`. */
export const WORDS = {
  timeout: (of: { package: string; after: string; tests: readonly string[]; places: readonly string[] }): Words => ({
    title: `${of.tests.length === 0 ? of.package : names(of.tests)} ran into -timeout ${of.after}`,
    detail: [
      `The test process was killed after ${of.after}, the time of -timeout.`,
      ...of.places,
      ...(of.places.length === 0 ? ['The text of the process does not tell where they stood.'] : []),
    ].join('\n'),
    next: 'Look at what these goroutines wait for. If they only need longer, raise -timeout.',
  }),

  deadlock: (of: { package: string; tests: readonly string[]; places: readonly string[] }): Words => ({
    title: `${of.tests.length === 0 ? of.package : names(of.tests)} ended in a deadlock`,
    detail: lines('Every goroutine of the process waited for another one: none could ever go on.', ...of.places),
    next: 'Look at who should have woken the first of these goroutines.',
  }),

  panicCulprit: (of: {
    package: string;
    message: string;
    /** Undefined: the text does not tell. */
    culprit: string | undefined;
    hadEnded: boolean;
    pinnedOn: string | undefined;
    victims: readonly string[];
    neverStarted: readonly string[];
    place: string | undefined;
  }): Words => ({
    title:
      of.culprit === undefined
        ? `a panic killed ${of.package}`
        : of.hadEnded
          ? `a goroutine of ${of.culprit}, which had ended, panicked${of.victims.length === 0 ? '' : ` and killed ${names(of.victims)}`}`
          : `${of.culprit} panicked${of.victims.length === 0 ? '' : ` and killed ${names(of.victims)}`}`,
    detail: lines(
      `panic: ${of.message}`,
      of.place !== undefined && `It was raised in ${of.place}.`,
      of.culprit === undefined && 'The text of the process does not tell which test the goroutine belongs to.',
      of.pinnedOn !== undefined &&
        of.pinnedOn !== of.culprit &&
        `go test pins it on ${of.pinnedOn}, which only happened to print last.`,
      list('Taken along', of.victims),
      list('Never ran', of.neverStarted),
    ),
    next: of.hadEnded
      ? `Let ${of.culprit ?? 'the test'} wait for its goroutines before it returns.`
      : 'Repair what panicked; tests that were taken along may be sound.',
  }),

  goexit: (of: {
    package: string;
    test: string | undefined;
    place: string | undefined;
    ofParent: boolean;
    neverBegan: readonly string[];
  }): Words => ({
    title: `${of.test ?? `a test of ${of.package}`} ended by runtime.Goexit${of.place === undefined ? '' : `, called in ${of.place}`}`,
    detail: lines(
      'A goroutine that ends by Goexit does not panic: no deferred recover sees it. Package testing panicked over it, and the process died.',
      of.ofParent && 'FailNow, Fatal or Skip of a parent’s t, called in a subtest, does the same.',
      list('Never ran', of.neverBegan),
    ),
    next: 'End a test with the FailNow, Fatal or SkipNow of its own t, and nowhere else.',
  }),

  silentDeath: (of: {
    package: string;
    kind: string;
    text: string;
    culprit: string | undefined;
    place: string | undefined;
    lost: readonly string[];
    neverStarted: readonly string[];
  }): Words => ({
    title: `${of.package} ${DEATHS[of.kind] ?? 'ended'}${of.lost.length === 0 ? '' : ` while ${names(of.lost)} ran`}`,
    detail: lines(
      of.text,
      of.culprit !== undefined &&
        `It was a goroutine of ${of.culprit}${of.place === undefined ? '' : `, in ${of.place}`}.`,
      list('Lost, without a result', of.lost),
      list('Never ran', of.neverStarted),
    ),
    next:
      of.kind === 'exit'
        ? 'Look for os.Exit or log.Fatal in what these tests call; a test ends with t.Fatal.'
        : of.kind === 'killed'
          ? 'Look at who killed it: the kernel when memory runs out, a supervisor, a time limit of CI.'
          : 'Run these tests alone, and look at what the process printed last.',
  }),

  dataRace: (of: {
    package: string;
    tests: readonly string[];
    reports: number;
    accesses: readonly string[];
    location: string | undefined;
  }): Words => ({
    title: `data race in ${of.tests.length === 0 ? of.package : names(of.tests)}`,
    detail: lines(
      ...of.accesses,
      of.location,
      of.reports > 1 && `Reported ${of.reports} times.`,
      of.tests.length === 0 && 'The report does not tell which tests the goroutines belong to.',
    ),
    next: 'Guard both places with one lock, or let the goroutines share nothing.',
  }),

  buildFailure: (of: { importPath: string; kind: string; packages: readonly string[] }): Words => ({
    title: `${short(of.importPath)} ${of.kind === 'vet' ? 'does not pass go vet' : 'does not build'}`,
    detail: lines(
      of.packages.length > 1 && `${of.packages.length} packages failed for this alone.`,
      list('No test of these ran', of.packages),
    ),
    next: 'Read what the build printed; the packages themselves may be sound.',
  }),

  slotStarvation: (of: {
    package: string;
    tests: number;
    queuedNs: number;
    savedNs: number;
    tookNs: number;
  }): Words => ({
    title: `${plural(of.tests, 'test')} of ${of.package} waited for a -parallel slot`,
    detail: `They waited ${formatNs(of.queuedNs)} in all. With a slot for each, the package would have ended up to ${formatNs(of.savedNs)} earlier, of ${formatNs(of.tookNs)}: so much if the tests wait, less if they compute.`,
    next: 'Raise -parallel (it is GOMAXPROCS unless told), if the tests mostly wait.',
  }),

  streamQuality: (note: QualityNote, count: number): Words => {
    switch (note) {
      case 'verbose':
        return {
          title: `${plural(count, 'result')} stood in the middle of a printed line`,
          detail: 'Results that begin no line can be lost, and output can go to the wrong test.',
          next: 'Run go test -json without -v (it is verbose by itself), with Go 1.20 or later.',
        };
      case 'no-time':
        return {
          title: 'no event has a Time',
          detail: 'Durations are Go’s own; nothing can be laid on a timeline.',
          next: 'Use go test -json, or test2json with -t.',
        };
      case 'no-package':
        return {
          title: 'no event has a Package',
          detail: 'Tests of different packages cannot be told apart.',
          next: 'Use go test -json, or test2json with -p.',
        };
      case 'cached':
        return {
          title: `${plural(count, 'package')} came from the test cache`,
          detail: 'Nothing was run: their times are those of an older run.',
          next: 'Add -count=1 to run them.',
        };
      case 'strays':
        return {
          title: `${plural(count, 'line')} of the input ${count === 1 ? 'was' : 'were'} not JSON`,
          detail: 'They are kept, in their place.',
          next: 'Send only the standard output of go test -json here, not its standard error.',
        };
      case 'long-lines':
        return {
          title: `${plural(count, 'piece')} of a line that was too long, or cut by the end of the input`,
          detail: 'They are kept, and not read.',
          next: 'Print less on one line; or look at what cut the input.',
        };
      case 'time-steps':
        return {
          title: `Time stepped back ${plural(count, 'time')} within a package`,
          detail: 'The order of lines was kept; durations around it may be wrong.',
          next: 'Look at whether the machine’s clock was set during the run.',
        };
      default:
        return assertNever(note);
    }
  },
};

/** How a process died, by run's word for it. */
const DEATHS: Readonly<Record<string, string>> = {
  exit: 'was ended by an exit',
  killed: 'was killed',
  fatal: 'died of a fatal error',
};
