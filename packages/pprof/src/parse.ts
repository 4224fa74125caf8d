import { Profile as Decoded } from 'pprof-format';
import { Refusal, type ProfileFault } from './fault.ts';
import { kindOf } from './kind.ts';
import { legacyProfileOf } from './legacy.ts';
import { LIMITS, type Limits } from './limits.ts';
import { NONE, type Profile, type ValueType } from './profile.ts';
import { signedOf, Symbols, type Numeric } from './symbols.ts';
import { checkWire } from './wire.ts';

/**
 * Reads one `profile.proto`, inflated: Go packs profiles with gzip, and who has a platform unpacks them. A `ProfileFault` when
 * the bytes are no profile (see `isProfileFault`); never throws. `limits` replaces some of the defaults.
 */
export function parseProfile(bytes: Uint8Array, limits?: Partial<Limits>): Profile | ProfileFault {
  try {
    return parse(bytes, { ...LIMITS, ...limits });
  } catch (error) {
    if (error instanceof Refusal) return error.fault;
    throw error;
  }
}

function parse(bytes: Uint8Array, limits: Limits): Profile {
  refuseOthers(bytes, limits);
  checkWire(bytes, limits);
  const decoded = Decoded.decode(bytes);
  const symbols = new Symbols(decoded, limits);
  const typeOf = ({ type, unit }: { type: Numeric; unit: Numeric }): ValueType => ({
    type: symbols.text(type),
    unit: symbols.text(unit),
  });
  const sampleTypes = decoded.sampleType.map(typeOf);
  if (sampleTypes.length === 0) throw new Refusal('inconsistent', 'The profile does not say what it counts.');
  const tables = readSamples(decoded, symbols, sampleTypes.length);
  const periodType = decoded.periodType && typeOf(decoded.periodType);
  const defaultSampleType = symbols.text(decoded.defaultSampleType);
  const named = sampleTypes.findIndex(({ type }) => type === defaultSampleType);
  const { frames, stacks, strings } = symbols.finish();
  const timeNanos = BigInt.asIntN(64, BigInt(decoded.timeNanos));
  return {
    kind: kindOf({ sampleTypes, periodType, defaultSampleType, samples: tables.samples, frames, stacks, strings }),
    sampleTypes,
    defaultType: named === -1 ? sampleTypes.length - 1 : named,
    ...tables,
    stacks,
    frames,
    strings,
    timeNanos: timeNanos === 0n ? undefined : timeNanos,
    durationNs: signedOf(decoded.durationNanos) || undefined,
    period: signedOf(decoded.period) || undefined,
    periodType,
    binary: symbols.text(decoded.mapping[0]?.filename ?? 0) || undefined,
    comments: decoded.comment.map((comment) => symbols.text(comment)),
    cutStacks: symbols.cutStacks,
  };
}

/** What is told by its beginning. */
function refuseOthers(bytes: Uint8Array, limits: Limits): void {
  if (bytes.length === 0) {
    throw new Refusal('empty', 'The profile is empty: the process did not end normally, so it was never written.');
  }
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
    throw new Refusal('gzip', 'The profile is packed with gzip: inflate it first.');
  }
  const legacy = legacyProfileOf(bytes.subarray(0, 1024));
  if (legacy !== undefined) {
    const what = legacy === 'text' ? 'a profile printed as text' : 'a CPU profile of an old format';
    throw new Refusal(
      'legacy',
      `This is ${what}, not profile.proto: take it again without \`debug=\`, with Go 1.9 or later.`,
    );
  }
  if (bytes.length > limits.bytes) {
    throw new Refusal('too-large', `The profile has ${bytes.length} bytes; this reader takes ${limits.bytes}.`);
  }
}

function readSamples(decoded: Decoded, symbols: Symbols, types: number): Pick<Profile, 'samples' | 'labels'> {
  const { length } = decoded.sample;
  const stack = new Int32Array(length);
  const values = Array.from({ length: types }, () => new Float64Array(length));
  const labelStart = new Int32Array(length + 1);
  const key: number[] = [];
  const text: number[] = [];
  const number: number[] = [];
  for (const [i, sample] of decoded.sample.entries()) {
    if (sample.value.length !== types) {
      throw new Refusal('inconsistent', `Sample ${i} has ${sample.value.length} values of ${types}.`);
    }
    stack[i] = symbols.stack(sample.locationId);
    for (const [type, column] of values.entries()) column[i] = signedOf(sample.value[type] as Numeric);
    for (const label of sample.label) {
      const isText = label.str !== 0;
      key.push(symbols.string(label.key));
      text.push(isText ? symbols.string(label.str) : NONE);
      number.push(isText ? NaN : signedOf(label.num));
    }
    labelStart[i + 1] = key.length;
  }
  return {
    samples: { length, stack, values, labelStart },
    labels: {
      length: key.length,
      key: Int32Array.from(key),
      text: Int32Array.from(text),
      number: Float64Array.from(number),
    },
  };
}
