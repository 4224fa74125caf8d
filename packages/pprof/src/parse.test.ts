import {
  Label,
  Location,
  Function as PprofFunction,
  Line,
  Profile as Encoder,
  Sample,
  StringTable,
  ValueType,
} from 'pprof-format';
import { expect, test } from 'vitest';
import { profileBytes, RECORDED } from '../test/recordings.ts';
import { framesOf, isProfileFault, parseProfile, topFunctions, totalsOf, type Limits, type Profile } from './index.ts';

const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0));

function faultOf(bytes: Uint8Array, limits?: Partial<Limits>): string {
  const result = parseProfile(bytes, limits);
  if (!isProfileFault(result)) throw new Error('a profile');
  expect(result.message).not.toBe('');
  return result.kind;
}

function profileOf(bytes: Uint8Array, limits?: Partial<Limits>): Profile {
  const result = parseProfile(bytes, limits);
  if (isProfileFault(result)) throw new Error(result.message);
  return result;
}

/** `a` calls `b`, `b` calls itself. */
function encode(change: (profile: Encoder) => void = () => undefined): Uint8Array {
  const strings = new StringTable();
  const s = (text: string): number => strings.dedup(text);
  const profile = new Encoder({
    stringTable: strings,
    sampleType: [new ValueType({ type: s('delay'), unit: s('nanoseconds') })],
    function: [
      new PprofFunction({ id: 1, name: s('m.a'), filename: s('a.go') }),
      new PprofFunction({ id: 2, name: s('m.b'), filename: s('b.go') }),
    ],
    location: [
      new Location({ id: 1, address: 16, line: [new Line({ functionId: 1, line: 7 })] }),
      new Location({
        id: 2,
        address: 32,
        line: [new Line({ functionId: 2, line: 8 }), new Line({ functionId: 2, line: 9 })],
      }),
    ],
    sample: [
      new Sample({ locationId: [2, 1], value: [-5n], label: [new Label({ key: s('bytes'), num: -7n })] }),
      new Sample({ locationId: [1], value: [2 ** 40] }),
      new Sample({ locationId: [], value: [1] }),
    ],
  });
  change(profile);
  return profile.encode();
}

test('negative values are negative, as in a difference of two profiles', () => {
  const profile = profileOf(encode());
  expect(profile.samples.values).toEqual([Float64Array.of(-5, 2 ** 40, 1)]);
  expect(totalsOf(profile)).toEqual([2 ** 40 - 4]);
  expect(profile.labels).toMatchObject({ length: 1, number: Float64Array.of(-7), text: Int32Array.of(-1) });
  expect(topFunctions(profile, 0).map(({ func, flat, cum }) => [profile.strings[func], flat, cum])).toEqual([
    ['m.a', 2 ** 40, 2 ** 40 - 5],
    ['m.b', -5, -5],
  ]);
});

test('frames are innermost first, inlined calls too', () => {
  const profile = profileOf(encode());
  expect(framesOf(profile, profile.samples.stack[0] ?? -1)).toEqual([
    { func: 'm.b', file: 'b.go', line: 8 },
    { func: 'm.b', file: 'b.go', line: 9 },
    { func: 'm.a', file: 'a.go', line: 7 },
  ]);
  expect(profile.samples.stack[2]).toBe(-1);
});

test('no time, no duration and no period are unknown, not zero', () => {
  const { timeNanos, durationNs, period, periodType, kind } = profileOf(encode());
  expect({ timeNanos, durationNs, period, periodType, kind }).toEqual({ kind: 'unknown' });
  expect(profileOf(encode((p) => (p.timeNanos = 1_795_588_803_433_555_331n))).timeNanos).toBe(
    1_795_588_803_433_555_331n,
  );
});

test('an address without a function has its address for a name', () => {
  const profile = profileOf(
    encode((p) => p.location.push(new Location({ id: 3, address: 0xabc })) && (p.sample[1]!.locationId = [3])),
  );
  expect(framesOf(profile, profile.samples.stack[1] ?? -1)).toEqual([{ func: '0xabc', file: '', line: 0 }]);
});

test('what is no profile is told from an empty one', () => {
  expect(faultOf(new Uint8Array(0))).toBe('empty');
  expect(faultOf(Uint8Array.of(0x1f, 0x8b, 8, 0))).toBe('gzip');
  expect(faultOf(bytesOf('heap profile: 1: 1048576 [7: 3948672] @ heap/1048576\n'))).toBe('legacy');
  expect(faultOf(bytesOf('--- mutex:\ncycles/second=2000000000\n'))).toBe('legacy');
  expect(faultOf(bytesOf('goroutine profile: total 9\n'))).toBe('legacy');
  expect(
    faultOf(Uint8Array.from([0, 3, 0, 10_000, 0].flatMap((word) => [word & 255, word >> 8, 0, 0, 0, 0, 0, 0]))),
  ).toBe('legacy');
  expect(faultOf(Uint8Array.from([0, 3, 0, 10_000, 0].flatMap((word) => [0, 0, word >> 8, word & 255])))).toBe(
    'legacy',
  );
  expect(faultOf(bytesOf('{"Action":"start"}\n'))).toBe('malformed');
  expect(faultOf(bytesOf('go 1.26 trace\0\0\0'))).toBe('malformed');
});

test('what refers to nothing, or says a thing twice, is a fault', () => {
  expect(faultOf(encode((p) => (p.sampleType = [])))).toBe('inconsistent');
  expect(faultOf(encode((p) => (p.sample[0]!.locationId = [99])))).toBe('inconsistent');
  expect(faultOf(encode((p) => (p.sample[0]!.value = [1, 2])))).toBe('inconsistent');
  expect(faultOf(encode((p) => (p.function[0]!.name = 99)))).toBe('inconsistent');
  expect(faultOf(encode((p) => p.function.pop()))).toBe('inconsistent');
  expect(faultOf(encode((p) => (p.function[1]!.id = 1)))).toBe('inconsistent');
  expect(faultOf(encode((p) => (p.location[1]!.id = 1)))).toBe('inconsistent');
});

test('past a limit there is a fault; a deep stack is cut at its root', () => {
  const bytes = encode();
  expect(faultOf(bytes, { bytes: bytes.length - 1 })).toBe('too-large');
  expect(faultOf(bytes, { sampleEntries: 5 })).toBe('too-large');
  expect(faultOf(bytes, { otherEntries: 5 })).toBe('too-large');
  expect(faultOf(bytes, { frames: 3 })).toBe('too-large');
  expect(faultOf(bytes, { stacks: 2 })).toBe('too-large');
  const cut = profileOf(bytes, { stackFrames: 2 });
  expect(cut.cutStacks).toBe(1);
  expect(framesOf(cut, cut.samples.stack[0] ?? -1).map(({ line }) => line)).toEqual([8, 9]);
});

test('a number of a megabyte, and a size past the end, are refused before anybody decodes them', () => {
  expect(faultOf(new Uint8Array(1 << 20).fill(0x80).fill(0x48, 0, 1))).toBe('malformed');
  expect(faultOf(Uint8Array.of(0x0a, 4, 8, 1, 16, 2, 0x12, 0xff, 0xff, 0xff, 0x7f, 1))).toBe('truncated');
});

test.each(RECORDED)('%s: cut anywhere, it is a fault, unless only names of mappings are gone', (name) => {
  const bytes = profileBytes(name);
  const whole = profileOf(bytes);
  for (let end = 0; end < bytes.length; end++) {
    const result = parseProfile(bytes.subarray(0, end));
    if (!isProfileFault(result)) expect(result).toEqual(whole);
  }
});
