import { useEffect, useState } from 'react';
import { track } from '../../state/idle.ts';
import { finder, plainText } from './ansi.ts';
import type { OutputBuffer } from './output-buffer.ts';

/** More hits than anyone walks through; the count then says "or more". */
const MAX_HITS = 10_000;
/** A pause in typing. */
const REST_MS = 150;

export interface Search {
  /** Indices of lines with a hit, ascending; grows while the output is read. */
  readonly hits: readonly number[];
  readonly isDone: boolean;
  /** Which hit is current; -1: none. */
  readonly at: number;
  readonly go: (step: 1 | -1) => void;
}

/** Looks for a text in the whole output, also in lines that were never shown. */
export function useSearch(buffer: OutputBuffer | undefined, text: string): Search {
  const [found, setFound] = useState<{ hits: readonly number[]; isDone: boolean }>({ hits: [], isDone: true });
  const [at, setAt] = useState(-1);
  useEffect(() => {
    setFound({ hits: [], isDone: text === '' });
    setAt(-1);
    if (buffer === undefined || text === '') return undefined;
    const abort = new AbortController();
    const timer = window.setTimeout(() => void track(search(buffer, text, abort.signal, setFound)), REST_MS);
    return () => {
      window.clearTimeout(timer);
      abort.abort();
    };
  }, [buffer, text]);
  const first = found.hits.length > 0;
  useEffect(() => {
    if (first) setAt(0);
  }, [first]);
  return {
    ...found,
    at,
    go: (step) => setAt((now) => (found.hits.length === 0 ? -1 : (now + step + found.hits.length) % found.hits.length)),
  };
}

async function search(
  buffer: OutputBuffer,
  text: string,
  signal: AbortSignal,
  found: (so: { hits: readonly number[]; isDone: boolean }) => void,
): Promise<void> {
  const find = finder(text);
  const hits: number[] = [];
  let index = 0;
  try {
    for await (const lines of buffer.all(signal)) {
      for (const line of lines) {
        if (hits.length < MAX_HITS && find(plainText(line.text)).length > 0) hits.push(index);
        index++;
      }
      if (signal.aborted) return;
      found({ hits: [...hits], isDone: false });
    }
  } catch {
    // The collector is away: what was found so far stays.
  }
  if (!signal.aborted) found({ hits: [...hits], isDone: true });
}
