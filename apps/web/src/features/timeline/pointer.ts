/** A moment and a row under the pointer. */
export interface Pointer {
  readonly xPx: number;
  /** Undefined over the head. */
  readonly row: number | undefined;
  /** What is being dragged out over the head. */
  readonly dragFromPx?: number | undefined;
}
