/**
 * The buffers under all columns of a segment, or of the tables of a trace's end, each once: with them as the transfer list, a
 * message takes the tables to another thread without a copy, and leaves them empty here.
 */
export function transferablesOf(tables: object): ArrayBuffer[] {
  const found = new Set<ArrayBuffer>();
  collect(tables, found);
  return [...found];
}

/** Columns are views; tables are objects and lists of them; a list of texts has nothing to give. */
function collect(value: unknown, found: Set<ArrayBuffer>): void {
  if (typeof value !== 'object' || value === null) return;
  if (ArrayBuffer.isView(value)) {
    if (value.buffer instanceof ArrayBuffer) found.add(value.buffer);
    return;
  }
  for (const part of Object.values(value) as unknown[]) {
    if (typeof part === 'string') {
      if (Array.isArray(value)) return;
    } else collect(part, found);
  }
}
