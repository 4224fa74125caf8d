import { usePrefs } from './prefs-store.ts';

/** Sets the chosen theme on the document; `system` leaves it to the browser. */
export function followTheme(): () => void {
  const apply = (): void => {
    const { theme } = usePrefs.getState();
    if (theme === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
  };
  apply();
  return usePrefs.subscribe(apply);
}

/** Calls `changed` when the colours are others than before: by choice or by the system. */
export function onThemeChange(changed: () => void): () => void {
  const media = window.matchMedia('(prefers-color-scheme: dark)');
  media.addEventListener('change', changed);
  // After `followTheme` has set the attribute: its subscription is older.
  const unsubscribe = usePrefs.subscribe((prefs, before) => {
    if (prefs.theme !== before.theme) changed();
  });
  return () => {
    media.removeEventListener('change', changed);
    unsubscribe();
  };
}
