import { formatBytes, formatNs } from '@observe/base';
import { momentAt, type GoChart } from './go-chart.ts';
import { GO_GROUPS } from './go-groups.ts';
import { nsAt, type Viewport } from './viewport.ts';

/** Moments of a dump: enough to see rise and fall. */
const MOMENTS = 6;

/**
 * The charts in words, for tests: what they show at a few moments of the view, evenly spread.
 *
 *     426ms 12 goroutines: running 1, lock 4, channel 7; heap 7.7 MB of 15 MB
 */
export function chartText(chart: GoChart, view: Viewport): string {
  return Array.from({ length: MOMENTS }, (_, i) => {
    const atNs = nsAt(view, ((i + 0.5) / MOMENTS) * view.widthPx);
    const moment = momentAt(chart, atNs);
    if (moment === undefined) return `${formatNs(atNs)} unknown`;
    const groups = GO_GROUPS.filter((group) => moment.groups[group].last > 0).map(
      (group) => `${group} ${moment.groups[group].last}`,
    );
    const heap =
      moment.heapBytes === undefined
        ? ''
        : `; heap ${formatBytes(moment.heapBytes)}${moment.goalBytes === undefined ? '' : ` of ${formatBytes(moment.goalBytes)}`}`;
    return `${formatNs(atNs)} ${moment.total} goroutines: ${groups.join(', ')}${heap}`;
  }).join('\n');
}
