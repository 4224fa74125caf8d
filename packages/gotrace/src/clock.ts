import type { ClockReading } from './timed-tables.ts';

/** Off Windows the clock of a trace is CLOCK_MONOTONIC in units of 64 ns. */
const DEFAULT_HZ = 15_625_000;

/**
 * Trace clock units to nanoseconds since the trace's origin. A line a generation: on Windows the frequency is estimated anew
 * for each, so their lines differ, and are joined by the clock snapshots or else where one ends.
 */
export class TraceClock {
  frequencyHz = DEFAULT_HZ;
  nsPerUnit = 1e9 / DEFAULT_HZ;
  #originUnits = 0;
  #originNs = 0;
  #isSet = false;
  #snapshotNs = 0;
  #snapshotMono: bigint | undefined;

  /** `minTime`: the least time of a batch of the generation; `lastNs`: where the generation before ended. */
  begin({ frequencyHz, snapshot }: ClockReading, minTime: number, lastNs: number): void {
    const hz = frequencyHz ?? this.frequencyHz;
    if (!this.#isSet) this.#originUnits = Number.isFinite(minTime) ? minTime : 0;
    else if (hz !== this.frequencyHz) {
      const perUnit = 1e9 / hz;
      if (snapshot !== undefined && this.#snapshotMono !== undefined) {
        this.#originNs = this.#snapshotNs + Number(snapshot.monoNs - this.#snapshotMono);
        this.#originUnits = snapshot.time;
      } else {
        this.#originNs = Math.max(lastNs, this.ns(minTime));
        this.#originUnits = minTime;
      }
      this.nsPerUnit = perUnit;
    }
    this.#isSet = true;
    this.frequencyHz = hz;
    this.nsPerUnit = 1e9 / hz;
    if (snapshot === undefined) return;
    this.#snapshotNs = this.ns(snapshot.time);
    this.#snapshotMono = snapshot.monoNs;
  }

  /** CLOCK_MONOTONIC at the trace's origin; undefined where the trace clock is another one (Windows). */
  get originMonoNs(): bigint | undefined {
    return this.#isSet && this.frequencyHz === DEFAULT_HZ ? BigInt(this.#originUnits) * 64n : undefined;
  }

  ns(units: number): number {
    return this.#originNs + Math.floor((units - this.#originUnits) * this.nsPerUnit);
  }
}
