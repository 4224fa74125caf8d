import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './App.tsx';
import { AppContextObject } from './app-context.ts';
import type { Address } from './route.ts';
import type { RunSource } from './source/source.ts';
import { startFeed } from './state/feed.ts';
import { idle } from './state/idle.ts';
import { startLink } from './state/link.ts';
import { followTheme } from './state/theme.ts';
import './styles/tokens.css';
import './styles/base.css';
import './styles/page.css';

declare global {
  interface Window {
    /** For end-to-end tests, and for whoever looks under the hood. */
    observe: {
      /** Settles when nothing waits to be fetched, folded, painted or written into the address. */
      idle(): Promise<void>;
      /** The lanes in sight, in words. */
      timelineText(): string;
      /** What the charts show at a few moments, in words; empty without traces. */
      chartsText(): string;
    };
  }
}

/** Starts the page on a source. The two entries (main.tsx, snapshot.tsx) differ in nothing else. */
export function start(source: RunSource, address: Address): void {
  const root = document.getElementById('root');
  if (root === null) throw new Error('no #root in the page');
  followTheme();
  const feed = startFeed(source);
  const link = startLink(address, feed);
  const isQuiet = (): boolean => feed.inbox.isEmpty() && link.isWritten();
  window.observe = { idle: () => idle(isQuiet), timelineText: () => '', chartsText: () => '' };
  createRoot(root).render(
    <StrictMode>
      <AppContextObject value={{ source, address, link }}>
        <App />
      </AppContextObject>
    </StrictMode>,
  );
}
