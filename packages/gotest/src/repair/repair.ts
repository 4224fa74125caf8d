/**
 * One thing that a stream does not say, or says wrongly, and what we make of it. Source: go-test-json.md §18.
 * What a repair makes is marked with its id wherever it is shown: our guess never passes for Go's word.
 */
export interface Repair<Id extends string = string> {
  readonly id: Id;
  /** R1 … R25 in the table of the contract. */
  readonly rule: string;
  /** What is wrong, and what is done. */
  readonly what: string;
  /** Issues of golang/go. */
  readonly issues: readonly number[];
  /** First Go release without it; undefined while it is open or by design. */
  readonly fixedIn: string | undefined;
}

export const defineRepair = <const Id extends string>(repair: Repair<Id>): Repair<Id> => repair;
