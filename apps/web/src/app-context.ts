import { createContext, use } from 'react';
import type { RunSource } from './source/source.ts';
import type { Address } from './route.ts';
import type { Link } from './state/link.ts';

/** What the page was started with. */
export interface AppContext {
  readonly source: RunSource;
  readonly address: Address;
  readonly link: Link;
}

export const AppContextObject = createContext<AppContext | undefined>(undefined);

export function useApp(): AppContext {
  const app = use(AppContextObject);
  if (app === undefined) throw new Error('used outside of the app');
  return app;
}
