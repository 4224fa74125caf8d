import { Refusal } from './fault.ts';
import type { Limits } from './limits.ts';

/** What a field of a message holds: one number, several (packed or not), text, or a message. */
type Field = 'number' | 'numbers' | 'text' | Shape;
/** Index: the field's number. */
type Shape = readonly (Field | undefined)[];

const numbers = (count: number): Shape => [undefined, ...Array.from({ length: count }, () => 'number' as const)];

const VALUE_TYPE = numbers(2);
const SAMPLE: Shape = [undefined, 'numbers', 'numbers', numbers(4)];
const MAPPING = numbers(10);
const LOCATION: Shape = [undefined, 'number', 'number', 'number', numbers(3), 'number'];
const FUNCTION = numbers(5);
/** Source: github.com/google/pprof, `proto/profile.proto`. */
const PROFILE: Shape = [
  undefined, VALUE_TYPE, SAMPLE, MAPPING, LOCATION, FUNCTION, 'text', 'number', 'number', 'number', 'number', VALUE_TYPE,
  'number', 'numbers', 'number', 'number',
]; // prettier-ignore

const MAX_VARINT_BYTES = 10;
const WIRE = { varint: 0, bytes: 2 } as const;

const SAMPLE_FIELD = 2;

/**
 * Throws a `Refusal` unless the bytes have the form of profile.proto and are within the limits. The library that decodes them
 * believes what it reads: a length past the end, a number of a megabyte.
 */
export const checkWire = (bytes: Uint8Array, limits: Pick<Limits, 'sampleEntries' | 'otherEntries'>): void => {
  new Walker(bytes, limits.sampleEntries, limits.otherEntries).walk(PROFILE, bytes.length, 0);
};

/** The samples of a profile that was checked, one by one: all at once they would need ten times the room of the file. */
export function* samplesIn(bytes: Uint8Array): Generator<Uint8Array> {
  for (const { field, start, end } of fieldsOf(bytes)) if (field === SAMPLE_FIELD) yield bytes.subarray(start, end);
}

/** All else, as a profile of its own. */
export function withoutSamples(bytes: Uint8Array): Uint8Array {
  const rest = new Uint8Array(bytes.length);
  let size = 0;
  for (const { field, from, end } of fieldsOf(bytes)) {
    if (field === SAMPLE_FIELD) continue;
    rest.set(bytes.subarray(from, end), size);
    size += end - from;
  }
  return rest.subarray(0, size);
}

/** The fields of a message that was checked: `from` its tag, `start` what it holds. */
function* fieldsOf(bytes: Uint8Array): Generator<{ field: number; from: number; start: number; end: number }> {
  for (let at = 0; at < bytes.length;) {
    const from = at;
    const tag = bytes[at++] as number;
    let size = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[at++] as number;
      size += (byte & 127) * scale;
      if (byte < 128) break;
    }
    const start = at;
    if ((tag & 7) === WIRE.bytes) at += size;
    yield { field: tag >> 3, from, start, end: at };
  }
}

/** Whether the bytes are profile.proto as far as they go: the first kB of a file may be cut anywhere. */
export function hasProfileShape(head: Uint8Array): boolean {
  const walker = new Walker(head, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
  try {
    walker.walk(PROFILE, head.length, 0);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return error.fault.kind === 'truncated' && walker.typeFields > 0;
  }
  return walker.typeFields > 0;
}

class Walker {
  readonly #bytes: Uint8Array;
  #at = 0;
  readonly #left: { samples: number; others: number };
  #isInSample = false;
  /** Whole sample types and period types seen: what text and other formats do not have. */
  typeFields = 0;

  constructor(bytes: Uint8Array, samples: number, others: number) {
    this.#bytes = bytes;
    this.#left = { samples, others };
  }

  walk(shape: Shape, end: number, depth: number): void {
    while (this.#at < end) {
      const from = this.#at;
      const tag = this.#bytes[this.#at++] as number;
      const field = tag >> 3;
      const holds = shape[field];
      // Fields have numbers up to 15, so that a tag is one byte.
      if (tag > 127 || field === 0) throw new Refusal('malformed', `Not a profile: no field begins at byte ${from}.`);
      const wire = tag & 7;
      if (depth === 0) this.#isInSample = field === SAMPLE_FIELD;
      if (wire === WIRE.varint && (holds === undefined || holds === 'number' || holds === 'numbers')) {
        this.#varint(end, depth);
      } else if (wire === WIRE.bytes && holds !== 'number') {
        const size = this.#varint(end, depth);
        if (size > end - this.#at) this.#cut(depth, from);
        this.#inside(holds, this.#at + size, depth);
        if (holds === VALUE_TYPE) this.typeFields++;
      } else throw new Refusal('malformed', `Not a profile: field ${field} at byte ${from} has the wrong type.`);
    }
  }

  #inside(holds: Field | undefined, end: number, depth: number): void {
    if (holds === 'numbers') while (this.#at < end) this.#varint(end, depth + 1);
    else if (typeof holds === 'object') this.walk(holds, end, depth + 1);
    this.#pay();
    this.#at = end;
  }

  /** The number at this place; a size is compared and no more, so that a large one may be rounded. */
  #varint(end: number, depth: number): number {
    this.#pay();
    const from = this.#at;
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      if (this.#at >= end) this.#cut(depth, from);
      const byte = this.#bytes[this.#at++] as number;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
      if (this.#at - from === MAX_VARINT_BYTES) {
        throw new Refusal('malformed', `Not a profile: the number at byte ${from} is too long.`);
      }
    }
  }

  #cut(depth: number, from: number): never {
    if (depth === 0) throw new Refusal('truncated', `The profile ends too early: what begins at byte ${from} is cut.`);
    throw new Refusal('malformed', `Not a profile: a field at byte ${from} is larger than what holds it.`);
  }

  #pay(): void {
    const left = this.#isInSample ? --this.#left.samples : --this.#left.others;
    if (left < 0) throw new Refusal('too-large', 'The profile has more entries than this reader takes.');
  }
}
