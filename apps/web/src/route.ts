/** Where the page stands: the run list, or a run with a view on it (view-url.ts). */
export interface Route {
  readonly runId: string | undefined;
  readonly view: string;
}

/** The browser's address, as the page uses it. */
export interface Address {
  read(): Route;
  write(route: Route, how: 'push' | 'replace'): void;
  /** A link to put into `href`. */
  href(route: Route): string;
  /** Back and forward. Returns the way to stop. */
  onMove(moved: () => void): () => void;
}

const RUN_PATH = /^\/runs\/([0-9a-z][0-9a-z-]{0,63})\/?$/;

const onPopState = (moved: () => void): (() => void) => {
  window.addEventListener('popstate', moved);
  return () => window.removeEventListener('popstate', moved);
};

/** `/` and `/runs/<id>?<view>`: a page that a collector serves. */
export const pathAddress: Address = {
  read: () => ({ runId: RUN_PATH.exec(location.pathname)?.[1], view: location.search.slice(1) }),
  href: ({ runId, view }) => (runId === undefined ? '/' : `/runs/${runId}`) + (view === '' ? '' : `?${view}`),
  write(route, how) {
    if (how === 'push') history.pushState(null, '', this.href(route));
    else history.replaceState(null, '', this.href(route));
  },
  onMove: onPopState,
};

/** `#<view>`: a page with one run inside it, opened from disk, where only the fragment may change. */
export const fragmentAddress = (runId: string): Address => ({
  read: () => ({ runId, view: location.hash.slice(1) }),
  href: ({ view }) => `#${view}`,
  write({ view }, how) {
    try {
      if (how === 'push') history.pushState(null, '', `#${view}`);
      else history.replaceState(null, '', `#${view}`);
    } catch {
      // Some browsers allow no history to a page from disk: the view then is not in the address.
    }
  },
  onMove: onPopState,
});
