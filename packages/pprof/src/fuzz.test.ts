// Whatever the bytes: a profile whose rows are there, or a fault; never a throw.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { profileBytes, RECORDED } from '../test/recordings.ts';
import { framesOf, hasProfileShape, isProfileFault, labelsOf, parseProfile, topFunctions, totalsOf } from './index.ts';

const BYTES = RECORDED.map(profileBytes);

function expectSound(bytes: Uint8Array): void {
  hasProfileShape(bytes);
  const profile = parseProfile(bytes);
  if (isProfileFault(profile)) {
    expect(profile.message).not.toBe('');
    return;
  }
  const { samples, stacks, frames, strings, labels } = profile;
  expect([...frames.func, ...frames.file].every((row) => row >= 0 && row < strings.length)).toBe(true);
  expect([...stacks.frame].every((row) => row >= 0 && row < frames.length)).toBe(true);
  expect([...stacks.parent].every((row, stack) => row >= -1 && row < stack)).toBe(true);
  expect(samples.labelStart.at(-1)).toBe(labels.length);
  expect(samples.values.map((column) => column.length)).toEqual(profile.sampleTypes.map(() => samples.length));
  for (let row = 0; row < samples.length; row++) {
    framesOf(profile, samples.stack[row] as number);
    labelsOf(profile, row);
  }
  totalsOf(profile);
  for (const type of profile.sampleTypes.keys()) topFunctions(profile, type);
  expect(profile.sampleTypes[profile.defaultType]).toBeDefined();
}

test('any bytes', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), expectSound), { numRuns: 1000 });
});

test('recordings with bytes changed, anywhere', () => {
  const edits = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(fc.constantFrom(...BYTES), edits, (recording, changes) => {
      const bytes = recording.slice();
      for (const [at, value] of changes) bytes[at % bytes.length] = value;
      expectSound(bytes);
    }),
    { numRuns: 1500 },
  );
});

test('recordings with pieces lost, doubled, put behind each other', () => {
  const cuts = fc.array(fc.tuple(fc.nat(), fc.nat(300), fc.boolean()), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(fc.constantFrom(...BYTES), fc.constantFrom(...BYTES), cuts, (recording, other, edits) => {
      let bytes = [...recording];
      for (const [where, size, isDoubled] of edits) {
        const at = where % bytes.length;
        const piece = bytes.slice(at, at + size);
        bytes = [...bytes.slice(0, at), ...(isDoubled ? [...piece, ...piece] : []), ...bytes.slice(at + size), 0];
      }
      expectSound(Uint8Array.from(bytes));
      expectSound(Uint8Array.of(...bytes, ...other));
    }),
    { numRuns: 500 },
  );
});

/** A message of profile.proto: a field and its bytes. */
const field = (number: number, bytes: readonly number[]): readonly number[] => [
  (number << 3) | 2,
  ...varint(bytes.length),
  ...bytes,
];
const varint = (value: number): readonly number[] =>
  value < 128 ? [value] : [(value & 127) | 128, ...varint(Math.floor(value / 128))];

test('messages without end, and a product of samples and inlined calls, cost linear time and end in a fault', () => {
  const limits = { sampleEntries: 1_000_000, otherEntries: 1_000_000, frames: 1_000_000 };
  const messages = new Uint8Array(4_000_000);
  for (const tag of [0x12, 0x22, 0x32]) {
    for (let i = 0; i < messages.length; i += 2) messages[i] = tag;
    expect(parseProfile(messages, limits)).toMatchObject({ kind: 'too-large' });
  }

  const line = field(4, [8, 1, 16, 1]);
  const location = field(4, [8, 1, ...Array.from({ length: 1000 }, () => line).flat()]);
  const sample = field(2, [...field(1, [1]), ...field(2, [1])]);
  const type = [...field(1, [8, 1, 16, 1]), ...field(5, [8, 1, 16, 1]), ...field(6, []), ...field(6, [0x61])];
  const bytes = Uint8Array.from([...type, ...location, ...Array.from({ length: 100_000 }, () => sample).flat()]);
  expect(parseProfile(bytes, limits)).toMatchObject({ kind: 'too-large' });
});
