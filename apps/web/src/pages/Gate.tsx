import type { ReactNode } from 'react';
import { useRunStore } from '../state/run-store.ts';
import { Message } from '../ui/Message.tsx';
import { WarnIcon } from '../ui/icons.tsx';

/** Lets the page through unless the source will have nothing to do with it. */
export function Gate({ children }: { children: ReactNode }): ReactNode {
  const connection = useRunStore((s) => s.connection);
  switch (connection.kind) {
    case 'no-access':
      return (
        <main className="screen">
          <Message title="This browser has no key to the collector" icon={<WarnIcon />}>
            <p>
              The page is shown only to those who were let in from the terminal. Run this there, and it opens with a
              key:
            </p>
            <pre>observe open last</pre>
          </Message>
        </main>
      );
    case 'refused':
      return (
        <main className="screen">
          <Message title="Page and collector do not understand each other" icon={<WarnIcon />}>
            <p>{connection.message}</p>
            <p>
              <button type="button" className="button" onClick={() => location.reload()}>
                Reload the page
              </button>
            </p>
          </Message>
        </main>
      );
    case 'connecting':
    case 'open':
    case 'lost':
      return children;
  }
}
