import type { ReactNode } from 'react';
import { usePrefs, type ThemeChoice } from '../state/prefs-store.ts';
import { ThemeIcon } from './icons.tsx';

const NEXT: Readonly<Record<ThemeChoice, ThemeChoice>> = { system: 'dark', dark: 'light', light: 'system' };

export function ThemeButton(): ReactNode {
  const theme = usePrefs((s) => s.theme);
  const label = `Theme: ${theme}`;
  return (
    <button
      type="button"
      className="icon-button"
      title={label}
      aria-label={label}
      onClick={() => usePrefs.setState({ theme: NEXT[theme] })}
    >
      <ThemeIcon />
    </button>
  );
}
