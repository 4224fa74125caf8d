import { formatBytes, formatNs } from '@observe/base';
import type { ChartMoment } from '../../canvas/go-chart.ts';
import { GO_GROUPS } from '../../canvas/go-groups.ts';

/** What the legend says of a moment. */
export interface LegendWords {
  readonly atNs: number;
  /** Undefined: the charts say nothing of it. */
  readonly moment: ChartMoment | undefined;
  /** By the pointer or a mark; else it is the latest that is known. */
  readonly isChosen: boolean;
  /** How far the traces are behind now; undefined when they are complete. */
  readonly behindNs: number | undefined;
}

/** The values beside the names of the legend. They change with each movement of the pointer, so not through React. */
export interface Legend {
  /** Undefined: no trace tells of the time in sight. `note`: what is wrong, or why there is nothing yet. */
  tell(words: LegendWords | undefined, note: string | undefined): void;
}

/** `element` holds an element with `data-value` for each value. */
export function createLegend(element: HTMLElement): Legend {
  const places = new Map<string, HTMLElement>();
  for (const place of element.querySelectorAll<HTMLElement>('[data-value]'))
    places.set(place.dataset.value ?? '', place);
  const set = (name: string, text: string): void => {
    const place = places.get(name);
    if (place !== undefined && place.textContent !== text) place.textContent = text;
  };
  return {
    tell(words, note) {
      const moment = words?.moment;
      set('total', moment === undefined ? 'No' : String(moment.total));
      set('when', words === undefined ? (note === undefined ? 'no trace tells of this time' : '') : whenText(words));
      set('note', note ?? '');
      for (const group of GO_GROUPS) {
        const count = moment?.groups[group];
        set(group, count === undefined ? '–' : String(count.last));
        const place = places.get(group)?.parentElement;
        place?.classList.toggle('is-none', count === undefined || (count.last === 0 && count.max === 0));
        if (place !== null && place !== undefined && count !== undefined)
          place.title = `${count.last} at the end of this pixel, ${count.max} at most within it`;
      }
      set('heap', moment?.heapBytes === undefined ? '–' : formatBytes(moment.heapBytes));
      set('goal', moment?.goalBytes === undefined ? '–' : formatBytes(moment.goalBytes));
      set('gc', moment?.gcNs === undefined ? '' : formatNs(moment.gcNs));
      set('stop', moment?.stopNs === undefined ? '' : formatNs(moment.stopNs));
    },
  };
}

function whenText({ atNs, isChosen, behindNs }: LegendWords): string {
  if (isChosen) return `at ${formatNs(atNs)}`;
  if (behindNs === undefined) return 'at the end';
  return behindNs < 100e6 ? 'now' : `${(behindNs / 1e9).toFixed(1)} s ago, the latest known`;
}
