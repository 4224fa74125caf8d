/** A growing column. `take` hands over what was pushed, in memory of its own, and begins anew. */
export class F64Column {
  values = new Float64Array(64);
  length = 0;

  push(value: number): void {
    if (this.length === this.values.length) this.values = grownF64(this.values);
    this.values[this.length++] = value;
  }

  take(): Float64Array<ArrayBuffer> {
    const taken = this.values.slice(0, this.length);
    this.length = 0;
    return taken;
  }
}

/** As `F64Column`, for rows and ids. */
export class I32Column {
  values = new Int32Array(64);
  length = 0;

  push(value: number): void {
    if (this.length === this.values.length) this.values = grownI32(this.values);
    this.values[this.length++] = value;
  }

  take(): Int32Array<ArrayBuffer> {
    const taken = this.values.slice(0, this.length);
    this.length = 0;
    return taken;
  }
}

/** As `F64Column`, for codes. */
export class U8Column {
  values = new Uint8Array(64);
  length = 0;

  push(value: number): void {
    if (this.length === this.values.length) this.values = grownU8(this.values);
    this.values[this.length++] = value;
  }

  take(): Uint8Array<ArrayBuffer> {
    const taken = this.values.slice(0, this.length);
    this.length = 0;
    return taken;
  }
}

export function grownF64(values: Float64Array<ArrayBuffer>, length = values.length * 2): Float64Array<ArrayBuffer> {
  const grown = new Float64Array(length);
  grown.set(values);
  return grown;
}

export function grownI32(values: Int32Array<ArrayBuffer>, length = values.length * 2): Int32Array<ArrayBuffer> {
  const grown = new Int32Array(length);
  grown.set(values);
  return grown;
}

export function grownU8(values: Uint8Array<ArrayBuffer>, length = values.length * 2): Uint8Array<ArrayBuffer> {
  const grown = new Uint8Array(length);
  grown.set(values);
  return grown;
}
