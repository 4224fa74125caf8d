import { create } from 'zustand';

export type ThemeChoice = 'system' | 'light' | 'dark';

/** What belongs to whoever looks, not to the run; kept in this browser, never in a link. */
export interface Prefs {
  readonly theme: ThemeChoice;
  /** CSS pixels. */
  readonly treeWidthPx: number;
  readonly detailHeightPx: number;
  /** Time of day on the axis instead of time since the first event. */
  readonly isWallClock: boolean;
  readonly wrapsLines: boolean;
  readonly isChartsFolded: boolean;
  /** How to get traces is known. */
  readonly isTraceHintGone: boolean;
}

const KEY = 'observe.prefs';
const DEFAULTS: Prefs = {
  theme: 'system',
  treeWidthPx: 380,
  detailHeightPx: 280,
  isWallClock: false,
  wrapsLines: false,
  isChartsFolded: false,
  isTraceHintGone: false,
};

export const usePrefs = create<Prefs>(() => ({ ...DEFAULTS, ...readPrefs() }));

usePrefs.subscribe((prefs) => {
  try {
    localStorage.setItem(KEY, JSON.stringify(prefs));
  } catch {
    // Storage may be full or forbidden (a page opened from disk): then the choice lasts as long as the page.
  }
});

/** Takes what has the right type; the rest is the default. */
function readPrefs(): Partial<Prefs> {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? '{}') as Record<string, unknown>;
    const fits = Object.entries(DEFAULTS).filter(([name, value]) => typeof kept[name] === typeof value);
    return Object.fromEntries(fits.map(([name]) => [name, kept[name]]));
  } catch {
    return {};
  }
}
