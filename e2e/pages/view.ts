import type { Page } from '@playwright/test';

/** The view that a page's address carries: in its query, or of a snapshot in its fragment. */
export function viewOf(page: Page): URLSearchParams {
  const { search, hash } = new URL(page.url());
  return new URLSearchParams(hash === '' ? search : hash.slice(1));
}
