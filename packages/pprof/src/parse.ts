import { Profile as Decoded, Sample } from 'pprof-format';
import { Refusal, type ProfileFault } from './fault.ts';
import { kindOf } from './kind.ts';
import { legacyProfileOf } from './legacy.ts';
import { LIMITS, type Limits } from './limits.ts';
import { NONE, type Profile, type ValueType } from './profile.ts';
import { signedOf, Symbols, type Numeric } from './symbols.ts';
import { checkWire, samplesIn, withoutSamples } from './wire.ts';

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
  const decoded = Decoded.decode(withoutSamples(bytes));
  const symbols = new Symbols(decoded, limits);
  const typeOf = ({ type, unit }: { type: Numeric; unit: Numeric }): ValueType => ({
    type: symbols.text(type),
    unit: symbols.text(unit),
  });
  const sampleTypes = decoded.sampleType.map(typeOf);
  if (sampleTypes.length === 0) throw new Refusal('inconsistent', 'The profile does not say what it counts.');
  const tables = readSamples(bytes, symbols, sampleTypes.length);
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

function readSamples(bytes: Uint8Array, symbols: Symbols, types: number): Pick<Profile, 'samples' | 'labels'> {
  const stack: number[] = [];
  const values = Array.from({ length: types }, (): number[] => []);
  const labelStart = [0];
  const key: number[] = [];
  const text: number[] = [];
  const number: number[] = [];
  for (const message of samplesIn(bytes)) {
    const sample = Sample.decode(message);
    if (sample.value.length !== types) {
      throw new Refusal('inconsistent', `Sample ${stack.length} has ${sample.value.length} values of ${types}.`);
    }
    stack.push(symbols.stack(sample.locationId));
    for (const [type, value] of sample.value.entries()) values[type]?.push(signedOf(value));
    for (const label of sample.label) {
      const isText = label.str !== 0;
      key.push(symbols.string(label.key));
      text.push(isText ? symbols.string(label.str) : NONE);
      number.push(isText ? NaN : signedOf(label.num));
    }
    labelStart.push(key.length);
  }
  return {
    samples: {
      length: stack.length,
      stack: Int32Array.from(stack),
      values: values.map((column) => Float64Array.from(column)),
      labelStart: Int32Array.from(labelStart),
    },
    labels: {
      length: key.length,
      key: Int32Array.from(key),
      text: Int32Array.from(text),
      number: Float64Array.from(number),
    },
  };
}
