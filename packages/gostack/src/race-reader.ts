import { Claim, type Line, type Store } from './claim.ts';
import { parsePlace, type Frame } from './frame.ts';
import type { Limits } from './limits.ts';
import type { RaceAccess, RaceBlock, RaceGoroutine, RaceLocation } from './report.ts';

const RULER = '==================';
const TITLE = 'WARNING: DATA RACE';
const NOT_RESTORED = '  [failed to restore the stack]';
const ACCESS = /^(Previous )?(atomic )?(read|write) at (0x[0-9a-f]+) by (?:goroutine (\d{1,15})|main goroutine):$/i;
const GOROUTINE = /^Goroutine (\d{1,15}) \((running|finished)\) created at:$/;
const LOCATION = /^(?:Heap block of size \d+ at 0x[0-9a-f]+ allocated by .*:|Global var .* declared at .*)$/;
/** Section lines are short; a location may name a long variable. */
const LONGEST_SECTION = 2_000;

interface OpenStack {
  readonly frames: Frame[];
  isStackRestored: boolean;
}

interface OpenRace {
  readonly claim: Claim;
  /** Whether kept or not: limits must not change which lines are whose. */
  hasAccess: boolean;
  readonly accesses: RaceAccess[];
  readonly goroutines: RaceGoroutine[];
  location: RaceLocation | undefined;
  /** Where frames go now. */
  stack: OpenStack | undefined;
  /** The first line of a frame; it belongs to the report only if the second comes. */
  call: Line | undefined;
  blank: Line | undefined;
}

/** Reads race reports, one at a time. Its grammar has no line in common with a crash but the empty one. */
export class RaceReader {
  readonly #limits: Limits;
  readonly #store: Store;
  readonly #emit: (block: RaceBlock, firstN: number) => void;
  #ruler: Line | undefined;
  #open: OpenRace | undefined;

  constructor(limits: Limits, store: Store, emit: (block: RaceBlock, firstN: number) => void) {
    this.#limits = limits;
    this.#store = store;
    this.#emit = emit;
  }

  /** True: the line is a race report's, and nobody else's. */
  take(line: Line): boolean {
    const race = this.#open;
    if (line.text === TITLE) {
      this.#close(false);
      this.#begin(line);
      return true;
    }
    if (line.text === RULER) {
      if (race) {
        add(race, line);
        this.#close(true);
        return true;
      }
      this.#ruler = line;
      return false;
    }
    if (!race) return false;
    if (line.text === '') {
      race.blank = line; // a crash may want it, too
      return false;
    }
    const isOwn = takeFrame(race, line, this.#store) || takeSection(race, line, this.#store);
    if (line.n - race.claim.lastN > this.#limits.gapLines) this.#close(false);
    return isOwn;
  }

  end(): void {
    this.#close(false);
  }

  #begin(title: Line): void {
    const claim = new Claim(this.#store);
    if (this.#ruler?.n === title.n - 1) claim.add(this.#ruler);
    this.#ruler = undefined;
    claim.add(title);
    this.#open = {
      claim,
      hasAccess: false,
      accesses: [],
      goroutines: [],
      location: undefined,
      stack: undefined,
      call: undefined,
      blank: undefined,
    };
  }

  /** A report without an access is a test that prints the words. */
  #close(isComplete: boolean): void {
    const race = this.#open;
    this.#open = undefined;
    if (!race?.hasAccess) return;
    const { claim, accesses, goroutines, location } = race;
    this.#emit({ kind: 'race', ...claim.extent(), accesses, goroutines, location, isComplete }, claim.firstN);
  }
}

/** Claims a line, and the empty line right above it. */
function add(race: OpenRace, line: Line): boolean {
  if (race.blank?.n === line.n - 1) race.claim.add(race.blank);
  race.blank = undefined;
  race.call = undefined;
  return race.claim.add(line);
}

function takeFrame(race: OpenRace, line: Line, store: Store): boolean {
  const { text } = line;
  if (!text.startsWith('  ')) return false;
  if (text === NOT_RESTORED) {
    add(race, line);
    if (race.stack) race.stack.isStackRestored = false;
    return true;
  }
  if (text[2] !== ' ') {
    if (text.endsWith('()')) race.call = line;
    return race.call === line;
  }
  const place = text.startsWith('      ') && race.call ? parsePlace(text.slice(6)) : undefined;
  if (!place || !race.call) return false;
  const func = race.call.text.slice(2, -2);
  race.blank = undefined; // no empty line inside a stack: it was somebody else's
  const isKept = race.claim.add(race.call);
  if (add(race, line) && isKept) {
    const file = store.intern(place.file);
    race.stack?.frames.push({ func: store.intern(func), args: undefined, file, line: place.line });
  }
  return true;
}

function takeSection(race: OpenRace, line: Line, store: Store): boolean {
  const { text } = line;
  if (text.length > LONGEST_SECTION) return false;
  const access = ACCESS.exec(text);
  const goroutine = access ? null : GOROUTINE.exec(text);
  if (!access && !goroutine && !LOCATION.test(text)) return false;
  race.hasAccess ||= access !== null;
  const stack: OpenStack = { frames: [], isStackRestored: true };
  race.stack = undefined;
  if (!add(race, line)) return true;
  race.stack = stack;
  if (access) {
    const [, previous, atomic, verb = '', address = '', goid] = access;
    const kind = `${atomic ? 'atomic ' : ''}${verb.toLowerCase()}` as RaceAccess['kind'];
    const isPrevious = previous !== undefined;
    const found = { kind, isPrevious, address: store.intern(address), goid: goid === undefined ? 1 : Number(goid) };
    race.accesses.push(Object.assign(stack, found));
  } else if (goroutine) {
    const found = { goid: Number(goroutine[1]), isRunning: goroutine[2] === 'running' };
    race.goroutines.push(Object.assign(stack, found));
  } else race.location = Object.assign(stack, { text: store.intern(text.replace(/:$/, '')) });
  return true;
}
