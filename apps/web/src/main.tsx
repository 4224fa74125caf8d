import './no-eval.ts';
import { pathAddress } from './route.ts';
import { createLiveSource } from './source/live.ts';
import { start } from './start.tsx';

start(createLiveSource(location.origin), pathAddress);
