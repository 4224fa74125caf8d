import type { ReactNode } from 'react';
import { RunListPage } from './pages/RunListPage.tsx';
import { RunPage } from './pages/RunPage.tsx';
import { useRunStore } from './state/run-store.ts';
import { Gate } from './pages/Gate.tsx';

export function App(): ReactNode {
  const runId = useRunStore((s) => s.runId);
  return <Gate>{runId === undefined ? <RunListPage /> : <RunPage key={runId} />}</Gate>;
}
