import { useSyncExternalStore } from 'react';
import { readTheme } from '../canvas/read-theme.ts';
import { hairline } from '../canvas/surface.ts';
import type { Theme } from '../canvas/theme.ts';
import { onThemeChange } from './theme.ts';

/** Reading the tokens costs more than painting with them: many small canvases share one reading. */
let kept: Theme | undefined;

function subscribe(changed: () => void): () => void {
  return onThemeChange(() => {
    kept = undefined;
    changed();
  });
}

function current(): Theme | undefined {
  if (kept?.hairline !== hairline()) {
    const pen = document.createElement('canvas').getContext('2d');
    kept = pen === null ? undefined : readTheme(pen);
  }
  return kept;
}

/** The canvas' share of the design tokens; undefined where this browser has no canvas. */
export const useCanvasTheme = (): Theme | undefined => useSyncExternalStore(subscribe, current);
