/** What a column may hold. `json` is for small things without a fixed width, such as strings. */
export type Column = Float64Array | Int32Array | Uint32Array | Uint8Array;

/**
 * Columns and a little JSON in one piece of memory: how tables cross a border.
 * Layout: magic `OBSC`, u32 header bytes, header (JSON, UTF-16 code units escaped to ASCII), then little-endian data,
 * each column on an 8-byte boundary. Never JSON for the bulk: a string ends at 512 MiB.
 */
export interface Container {
  readonly json: unknown;
  readonly columns: Readonly<Record<string, Column>>;
}

const MAGIC = 0x4353424f; // 'OBSC', little-endian
const KINDS = { f64: Float64Array, i32: Int32Array, u32: Uint32Array, u8: Uint8Array } as const;
type Kind = keyof typeof KINDS;
type ColumnType = (new (buffer: ArrayBuffer, start: number, length: number) => Column) & { BYTES_PER_ELEMENT: number };

interface Header {
  readonly json: unknown;
  readonly columns: readonly { readonly name: string; readonly kind: Kind; readonly length: number }[];
}

export function encodeContainer({ json, columns }: Container): Uint8Array<ArrayBuffer> {
  const named = Object.entries(columns);
  const header: Header = {
    json,
    columns: named.map(([name, column]) => ({ name, kind: kindOf(column), length: column.length })),
  };
  const text = ascii(JSON.stringify(header));
  let size = align(8 + text.length);
  for (const [, column] of named) size = align(size + column.byteLength);
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, text.length, true);
  for (let i = 0; i < text.length; i++) bytes[8 + i] = text.charCodeAt(i);
  let at = align(8 + text.length);
  for (const [, column] of named) {
    bytes.set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength), at);
    at = align(at + column.byteLength);
  }
  return bytes;
}

/** Undefined when the bytes are not a container, or a column lies outside of them. Columns are views where alignment allows. */
export function decodeContainer(bytes: Uint8Array): Container | undefined {
  if (bytes.byteLength < 8) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerBytes = view.getUint32(4, true);
  if (view.getUint32(0, true) !== MAGIC || 8 + headerBytes > bytes.byteLength) return undefined;
  const header = readHeader(latin1(bytes.subarray(8, 8 + headerBytes)));
  if (header === undefined) return undefined;
  const columns: Record<string, Column> = {};
  let at = align(8 + headerBytes);
  for (const { name, kind, length } of header.columns) {
    const make: ColumnType = KINDS[kind];
    const end = at + length * make.BYTES_PER_ELEMENT;
    if (end > bytes.byteLength) return undefined;
    const start = bytes.byteOffset + at;
    const isAligned = start % make.BYTES_PER_ELEMENT === 0;
    const from = isAligned ? bytes : new Uint8Array(bytes.subarray(at, end)); // a copy (a Buffer.slice is none)
    columns[name] = new make(from.buffer as ArrayBuffer, isAligned ? start : 0, length);
    at = align(end);
  }
  return { json: header.json, columns };
}

function readHeader(text: string): Header | undefined {
  try {
    const header = JSON.parse(text) as Partial<Header> | null;
    const columns: unknown = header?.columns;
    return Array.isArray(columns) && columns.every(isColumn) ? (header as Header) : undefined;
  } catch {
    return undefined;
  }
}

function isColumn(value: unknown): boolean {
  const { name, kind, length } = (value ?? {}) as Partial<Record<'name' | 'kind' | 'length', unknown>>;
  const isLength = typeof length === 'number' && Number.isInteger(length) && length >= 0;
  return typeof name === 'string' && typeof kind === 'string' && kind in KINDS && isLength;
}

const align = (n: number): number => (n + 7) & ~7;

function kindOf(column: Column): Kind {
  if (column instanceof Float64Array) return 'f64';
  if (column instanceof Int32Array) return 'i32';
  return column instanceof Uint32Array ? 'u32' : 'u8';
}

/** JSON text with everything beyond ASCII as `\uXXXX`, so that a code unit is a byte. */
const ascii = (json: string): string =>
  // eslint-disable-next-line no-control-regex -- the range is the point
  json.replace(/[^\x00-\x7f]/g, (unit) => '\\u' + unit.charCodeAt(0).toString(16).padStart(4, '0'));

function latin1(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let i = 0; i < bytes.length; i += 8192) parts.push(String.fromCharCode(...bytes.subarray(i, i + 8192)));
  return parts.join('');
}
