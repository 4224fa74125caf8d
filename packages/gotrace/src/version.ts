/** `go 1.NN trace`, zeros up to 16 bytes. */
export const HEADER_BYTES = 16;

/** The newest format whose rules are known here. Go 1.27 still writes 26. */
export const NEWEST_VERSION = 26;
/** The first with self-contained generations; before it was another format, for good. */
export const OLDEST_VERSION = 22;

/** The minor version in a trace's first 16 bytes: 26 for `go 1.26 trace`. Undefined: no Go execution trace. */
export function parseHeader(bytes: Uint8Array): number | undefined {
  if (bytes.length < HEADER_BYTES) return undefined;
  let text = '';
  for (let i = 0; i < HEADER_BYTES; i++) text += String.fromCharCode(bytes[i] as number);
  const match = /^go 1\.(\d{2,3}) trace\0{2,3}$/.exec(text);
  return match === null ? undefined : Number(match[1]);
}
