import type { ReactNode } from 'react';
import { RunList } from '../features/run-list/RunList.tsx';

export const RunListPage = (): ReactNode => <RunList />;
