import type { Address } from '../route.ts';
import type { Feed } from './feed.ts';
import { isSameSelection } from './selection.ts';
import { resetView, showView, useView, type ViewStore } from './view-store.ts';
import { decodeView, encodeView } from './view-url.ts';

/** Walking through a list with the keyboard makes one entry in the history, not fifty. */
const SAME_STEP_MS = 1000;
/** Browsers refuse more than some 200 changes in 30 s; a pan writes when it rests. */
const REST_MS = 200;

/** Keeps address and view in step: a selection is a step in the history, all else is not. */
export interface Link {
  /** Goes to another run, or with undefined to the list; a step in the history. */
  open(runId: string | undefined): void;
  /** Whether the address says what the page shows. */
  isWritten(): boolean;
  stop(): void;
}

export function startLink(address: Address, feed: Feed): Link {
  let { runId } = address.read();
  let lastPushMs = -Infinity;
  let timer: number | undefined;
  let isMoving = false;

  const write = (how: 'push' | 'replace'): void => {
    window.clearTimeout(timer);
    timer = undefined;
    address.write({ runId, view: encodeView(useView.getState()) }, how);
  };

  const unsubscribe = useView.subscribe((view: ViewStore, before: ViewStore) => {
    if (isMoving || runId === undefined || encodeView(view) === encodeView(before)) return;
    if (isSameSelection(view.selection, before.selection)) {
      timer ??= window.setTimeout(() => write('replace'), REST_MS);
      return;
    }
    const nowMs = performance.now();
    write(nowMs - lastPushMs < SAME_STEP_MS ? 'replace' : 'push');
    lastPushMs = nowMs;
  });

  /** Shows what the address says. */
  const arrive = (): void => {
    window.clearTimeout(timer);
    timer = undefined;
    const route = address.read();
    isMoving = true;
    if (route.runId === runId && runId !== undefined) showView(decodeView(route.view));
    else resetView(decodeView(route.view));
    isMoving = false;
    runId = route.runId;
    feed.show(runId);
  };

  const offMove = address.onMove(arrive);
  arrive();

  return {
    open(next) {
      if (timer !== undefined) write('replace');
      address.write({ runId: next, view: '' }, 'push');
      arrive();
    },
    isWritten: () => timer === undefined,
    stop() {
      window.clearTimeout(timer);
      unsubscribe();
      offMove();
    },
  };
}
