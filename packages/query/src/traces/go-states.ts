import { GO_STATE } from '@observe/gotrace';
import type { GoState } from '@observe/protocol';

const NAMES = new Map<number, GoState>([
  [GO_STATE.running, 'running'],
  [GO_STATE.runnable, 'runnable'],
  [GO_STATE.syscall, 'syscall'],
  [GO_STATE.waiting, 'waiting'],
]);

/** Name of one of GO_STATE; undefined for what is none. */
export const goStateName = (state: number): GoState | undefined => NAMES.get(state);
