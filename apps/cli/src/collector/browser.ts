import { spawn } from 'node:child_process';
import { callApi } from './api.ts';
import type { Collector } from './collector.ts';

/** The page's URL with a code that lets one browser in; the page alone where there is no token to ask with. */
export async function urlForBrowser(collector: Collector, page: string): Promise<string> {
  if (collector.token === undefined) return page;
  const { code } = (await callApi(collector, 'POST', '/api/codes')) as { code: string };
  const { pathname, search } = new URL(page);
  return `${collector.url}/open?code=${encodeURIComponent(code)}&to=${encodeURIComponent(pathname + search)}`;
}

/** Shows it in the user's browser. Rejects when there is no program to do that. */
export function openInBrowser(url: string): Promise<void> {
  const [program, ...args] = opener(url);
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { detached: true, stdio: 'ignore', windowsHide: true });
    child.on('error', (error) =>
      reject(new Error(`no browser could be opened (${error.message}); open it yourself: ${url}`)),
    );
    child.on('spawn', () => {
      child.unref();
      resolve();
    });
  });
}

function opener(url: string): [string, ...string[]] {
  switch (process.platform) {
    case 'darwin':
      return ['open', url];
    case 'win32':
      return ['rundll32', 'url.dll,FileProtocolHandler', url]; // `start` would need a shell, to which `&` means something
    default:
      return ['xdg-open', url];
  }
}
