import { NONE, type SymbolTable } from '@observe/gotrace';
import type { ShownFrame } from '@observe/protocol';

/** The stacks of one answer, each told once. */
export class StackList {
  readonly stacks: ShownFrame[][] = [];
  readonly #index = new Map<SymbolTable, Map<number, number>>();

  /** Index of a trace's stack in `stacks`; null for NONE. */
  indexOf(symbols: SymbolTable, stack: number): number | null {
    if (stack === NONE) return null;
    let known = this.#index.get(symbols);
    if (known === undefined) this.#index.set(symbols, (known = new Map<number, number>()));
    let index = known.get(stack);
    if (index === undefined) {
      index = this.stacks.length;
      this.stacks.push(symbols.framesOf(stack).map(({ func, file, line }) => ({ func, file, line })));
      known.set(stack, index);
    }
    return index;
  }
}
