import { plural } from '@observe/base';
import { NONE } from '@observe/run';
import type { OutputOf } from '@observe/query';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { useRunStore } from '../../state/run-store.ts';
import { selectionOf } from '../../state/selection.ts';
import { usePrefs } from '../../state/prefs-store.ts';
import { CloseIcon, CopyIcon, DownIcon, SearchIcon, TailIcon, UpIcon, WrapIcon } from '../../ui/icons.tsx';
import { plainText } from './ansi.ts';
import type { OutputBuffer } from './output-buffer.ts';
import { OutputLineView } from './OutputLineView.tsx';
import { useOutput } from './use-output.ts';
import { useSearch, type Search } from './use-search.ts';
import './output.css';

/** CSS pixels. */
const LINE_PX = 18;

interface Props {
  readonly of: OutputOf;
  /** Times of lines are since then: the beginning of the test. */
  readonly baseNs: number | undefined;
  /** It may still grow: begin at the end and stay there. */
  readonly isGrowing: boolean;
  /** Said when there are no lines. */
  readonly empty: string;
}

/** The lines of a test, a package, a process or a build: only those in sight are in the document. */
export function Output({ of, baseNs, isGrowing, empty }: Props): ReactNode {
  const buffer = useOutput(of);
  const [text, setText] = useState('');
  const [isFollowing, setFollowing] = useState(isGrowing);
  const search = useSearch(buffer, text);
  const total = buffer?.total;
  const about = useAbout(of);
  return (
    <div className="output">
      <div className="output-bar">
        <span className="faint">{total === undefined ? 'reading …' : plural(total, 'line')}</span>
        {buffer?.error !== undefined && <span className="tone-lost">{buffer.error}</span>}
        <span className="spacer" />
        <SearchField text={text} setText={setText} search={search} />
        <WrapButton />
        {isGrowing && (
          <button
            type="button"
            className="icon-button"
            aria-pressed={isFollowing}
            title="Follow the end"
            aria-label="Follow the end"
            onClick={() => setFollowing(!isFollowing)}
          >
            <TailIcon />
          </button>
        )}
        {buffer !== undefined && <CopyButton buffer={buffer} />}
      </div>
      {total === 0 && <p className="output-empty faint">{empty}</p>}
      {buffer !== undefined && total !== undefined && total > 0 && (
        <Lines
          about={about}
          buffer={buffer}
          total={total}
          search={search}
          wanted={text}
          baseNs={baseNs}
          isFollowing={isFollowing} // also when it has ended: its last lines come with its end
          setFollowing={setFollowing}
        />
      )}
    </div>
  );
}

/** What the lines are of, by name. */
function useAbout(of: OutputOf): LinesProps['about'] {
  const run = useRunStore((s) => s.run);
  const kind = of.kind === 'process' ? 'package' : of.kind;
  const row = of.kind === 'strays' ? NONE : of.row;
  const isKnown = run !== undefined;
  // Rows are never moved: what one is called does not change.
  return useMemo(() => {
    const { run } = useRunStore.getState();
    if (run === undefined || (kind !== 'test' && kind !== 'package')) return undefined;
    const about = selectionOf(run, { kind, row });
    return about.kind === 'test' || about.kind === 'package' ? about : undefined;
    // eslint-disable-next-line react-hooks/exhaustive-deps -- `isKnown` stands for the run
  }, [isKnown, kind, row]);
}

interface LinesProps {
  readonly about: Parameters<typeof OutputLineView>[0]['of'];
  readonly buffer: OutputBuffer;
  readonly total: number;
  readonly search: Search;
  readonly wanted: string;
  readonly baseNs: number | undefined;
  readonly isFollowing: boolean;
  readonly setFollowing: (isFollowing: boolean) => void;
}

function Lines({ about, buffer, total, search, wanted, baseNs, isFollowing, setFollowing }: LinesProps): ReactNode {
  const box = useRef<HTMLDivElement>(null);
  const lastTop = useRef(0);
  const wraps = usePrefs((s) => s.wrapsLines);
  const virtual = useVirtualizer({
    count: total,
    getScrollElement: () => box.current,
    estimateSize: () => LINE_PX,
    overscan: 20,
  });
  const items = virtual.getVirtualItems();
  const [first, last] = [items[0]?.index ?? 0, items.at(-1)?.index ?? 0];
  useEffect(() => buffer.need(first, last + 1), [buffer, first, last]);
  useEffect(() => {
    if (isFollowing) virtual.scrollToIndex(total - 1, { align: 'end' });
  }, [virtual, total, isFollowing]);
  const current = search.hits[search.at];
  useEffect(() => {
    if (current !== undefined) virtual.scrollToIndex(current, { align: 'center' });
  }, [virtual, current]);
  useEffect(() => virtual.measure(), [virtual, wraps]);

  const hits = new Set(search.hits.filter((index) => index >= first && index <= last));
  return (
    <div
      className="output-scroll scroll"
      ref={box}
      tabIndex={0}
      role="region"
      aria-label="Output"
      // Looking elsewhere lets go of the end; coming back to it takes hold again.
      onScroll={(event) => {
        const { scrollTop, scrollHeight, clientHeight } = event.currentTarget;
        if (scrollHeight - scrollTop - clientHeight < LINE_PX) setFollowing(true);
        else if (scrollTop < lastTop.current) setFollowing(false);
        lastTop.current = scrollTop;
      }}
    >
      <div className={wraps ? 'output-lines wraps' : 'output-lines'} style={{ height: virtual.getTotalSize() }}>
        {items.map(({ index, start, key }) => {
          const line = buffer.lineAt(index);
          return (
            <div
              key={key}
              data-index={index}
              ref={wraps ? virtual.measureElement : undefined}
              className={`output-line${line === undefined ? ' is-missing' : ` of-${line.kind}`}`}
              style={{ transform: `translateY(${start}px)` }}
            >
              {line !== undefined && (
                <OutputLineView
                  line={line}
                  isHit={hits.has(index)}
                  isCurrent={index === current}
                  wanted={wanted}
                  baseNs={baseNs}
                  of={about}
                />
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}

function SearchField({
  text,
  setText,
  search,
}: {
  text: string;
  setText: (text: string) => void;
  search: Search;
}): ReactNode {
  const { hits, at, isDone, go } = search;
  return (
    <>
      {text !== '' && (
        <span className="faint" role="status">
          {hits.length === 0
            ? isDone
              ? 'not found'
              : 'searching …'
            : `${at + 1} of ${hits.length.toLocaleString('en-US')}${isDone ? '' : ' …'}`}
        </span>
      )}
      <label className="field output-search">
        <SearchIcon />
        <input
          type="search"
          placeholder="Find in output"
          aria-label="Find in output"
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') go(event.shiftKey ? -1 : 1);
            if (event.key === 'Escape') {
              event.stopPropagation();
              setText('');
            }
          }}
        />
      </label>
      {text !== '' && (
        <>
          <button
            type="button"
            className="icon-button"
            title="Previous  ⇧⏎"
            aria-label="Previous hit"
            onClick={() => go(-1)}
          >
            <UpIcon />
          </button>
          <button type="button" className="icon-button" title="Next  ⏎" aria-label="Next hit" onClick={() => go(1)}>
            <DownIcon />
          </button>
          <button
            type="button"
            className="icon-button"
            title="Clear"
            aria-label="Clear the search"
            onClick={() => setText('')}
          >
            <CloseIcon />
          </button>
        </>
      )}
    </>
  );
}

function WrapButton(): ReactNode {
  const wraps = usePrefs((s) => s.wrapsLines);
  return (
    <button
      type="button"
      className="icon-button"
      aria-pressed={wraps}
      title="Wrap long lines"
      aria-label="Wrap long lines"
      onClick={() => usePrefs.setState({ wrapsLines: !wraps })}
    >
      <WrapIcon />
    </button>
  );
}

const SHOWN_MS = 1500;

function CopyButton({ buffer }: { buffer: OutputBuffer }): ReactNode {
  const [state, setState] = useState<'ready' | 'busy' | 'done'>('ready');
  const copy = async (): Promise<void> => {
    setState('busy');
    try {
      const texts: string[] = [];
      for await (const lines of buffer.all(new AbortController().signal))
        texts.push(...lines.map((line) => plainText(line.text)));
      await navigator.clipboard.writeText(texts.join('\n') + '\n');
      setState('done');
      window.setTimeout(() => setState('ready'), SHOWN_MS);
    } catch {
      setState('ready');
    }
  };
  return (
    <button
      type="button"
      className="icon-button"
      disabled={state === 'busy'}
      title="Copy all lines"
      aria-label="Copy all lines"
      onClick={() => void copy()}
    >
      {state === 'done' ? <span className="tone-pass">✓</span> : <CopyIcon />}
    </button>
  );
}
