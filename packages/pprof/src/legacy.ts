/**
 * Profiles of the time before profile.proto, and those printed as text (`debug=1`).
 * Source: github.com/google/pprof, `profile/legacy_profile.go`; Go, `runtime/pprof`.
 */
export type LegacyProfile = 'text' | 'cpu-binary';

const TEXT =
  /^\s*(?:heap profile: *\d|heap_v2\/|--- ?(?:contentionz?|mutex|heapz?|growthz?|threadz?|fragmentationz?)\b|\w+ profile: total \d)/;

/** Long enough for a few blank lines and the first words. */
const TEXT_BYTES = 256;

/** What kind of old profile the first bytes begin; undefined: none. */
export function legacyProfileOf(head: Uint8Array): LegacyProfile | undefined {
  if (isCpuBinary(head, 4) || isCpuBinary(head, 8)) return 'cpu-binary';
  let text = '';
  for (let i = 0; i < head.length && i < TEXT_BYTES; i++) text += String.fromCharCode(head[i] as number);
  return TEXT.test(text) ? 'text' : undefined;
}

/** Words of 4 or 8 bytes, in either order of bytes: 0, 3, version 0 or 1, period, 0. */
function isCpuBinary(head: Uint8Array, size: number): boolean {
  if (head.length < 5 * size) return false;
  return [true, false].some((isLittleEndian) => {
    const [zero, three, version, period, end] = Array.from({ length: 5 }, (_, word) => {
      const bytes = [...head.subarray(word * size, (word + 1) * size)];
      return (isLittleEndian ? bytes.reverse() : bytes).reduce((value, byte) => value * 256 + byte, 0);
    });
    return zero === 0 && three === 3 && (version === 0 || version === 1) && period !== 0 && end === 0;
  });
}
