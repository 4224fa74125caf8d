import { memo, useEffect, useRef, type ReactNode } from 'react';
import { GO_GROUPS } from '../../canvas/go-groups.ts';
import { usePrefs } from '../../state/prefs-store.ts';
import { Chevron } from '../../ui/icons.tsx';
import { GoSwatch } from '../../ui/GoSwatch.tsx';
import { GO_GROUP_WORDS } from '../../ui/words.ts';
import { createLegend } from './charts-legend.ts';
import { listenToHead } from './gestures.ts';
import type { Timeline } from './timeline.ts';
import './charts.css';

/** What the goroutines, the heap and the collector did, above the lanes: a legend beside the tree's column, charts on the lanes' axis. */
export const Charts = memo(function Charts({ timeline }: { timeline: Timeline }): ReactNode {
  const isFolded = usePrefs((s) => s.isChartsFolded);
  const legend = useRef<HTMLDivElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const data = useRef<HTMLCanvasElement>(null);
  const overlay = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    if (legend.current === null || box.current === null || data.current === null || overlay.current === null)
      return undefined;
    const unmount = timeline.mountCharts(box.current, data.current, overlay.current, createLegend(legend.current));
    const deafen = listenToHead(timeline, box.current, 0);
    return () => {
      deafen();
      unmount();
    };
  }, [timeline, isFolded]);
  return (
    <section className={isFolded ? 'charts is-folded' : 'charts'} aria-label="Goroutines and memory">
      <div className="charts-legend" ref={legend}>
        <div className="charts-title">
          <button
            type="button"
            className="charts-toggle"
            aria-expanded={!isFolded}
            title={isFolded ? 'Show the charts  G' : 'Fold the charts  G'}
            onClick={() => usePrefs.setState({ isChartsFolded: !isFolded })}
          >
            <Chevron isOpen={!isFolded} />
            <span data-value="total" className="charts-total" /> goroutines
          </button>
          <span className="faint ellipsis" data-value="when" />
          <span className="tone-lost ellipsis" data-value="note" />
        </div>
        {!isFolded && (
          <>
            <ul className="charts-groups">
              {GO_GROUPS.map((group) => (
                <li key={group}>
                  <GoSwatch group={group} />
                  <span className="ellipsis">{GO_GROUP_WORDS[group].word}</span>
                  <b data-value={group} />
                </li>
              ))}
            </ul>
            <div className="charts-heap">
              <span className="go-swatch of-heap" />
              heap <b data-value="heap" />
              <span className="go-swatch of-goal" />
              goal <b data-value="goal" />
            </div>
            <div className="charts-gc">
              <span className="go-swatch of-gc" />
              collection <b data-value="gc" />
              <span className="go-swatch of-stop" />
              world stopped <b data-value="stop" />
            </div>
          </>
        )}
      </div>
      <div className="charts-box" ref={box}>
        <canvas ref={data} aria-hidden="true" />
        <canvas ref={overlay} aria-hidden="true" />
      </div>
    </section>
  );
});
