import { useEffect, useState, type ReactNode } from 'react';
import { useRunStore } from '../state/run-store.ts';
import { WarnIcon } from './icons.tsx';

/** Says that the collector is away, and when it is asked again; nothing while all is well. */
export function ConnectionNote(): ReactNode {
  const connection = useRunStore((s) => s.connection);
  const [, tick] = useState(0);
  useEffect(() => {
    if (connection.kind !== 'lost') return undefined;
    const timer = window.setInterval(() => tick((n) => n + 1), 500);
    return () => window.clearInterval(timer);
  }, [connection]);
  if (connection.kind === 'connecting') return <span className="connection faint">connecting …</span>;
  if (connection.kind !== 'lost') return null;
  const seconds = Math.max(0, Math.ceil((connection.retryAtMs - performance.now()) / 1000));
  return (
    <span className="connection tone-lost" role="status">
      <WarnIcon />
      Collector is away, {seconds === 0 ? 'trying again …' : `trying again in ${seconds} s`}
    </span>
  );
}
