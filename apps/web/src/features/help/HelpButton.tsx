import { useEffect, useRef, type ReactNode } from 'react';
import { HelpIcon } from '../../ui/icons.tsx';
import { GO_GROUPS } from '../../canvas/go-groups.ts';
import { GoSwatch } from '../../ui/GoSwatch.tsx';
import { GO_GROUP_WORDS, PHASE_WORDS } from '../../ui/words.ts';
import './help.css';

const KEYS: readonly (readonly [keys: readonly string[], what: string])[] = [
  [['↑', '↓', '←', '→'], 'walk the tree, close and open'],
  [['/'], 'search tests'],
  [['N', 'P'], 'next, previous failure'],
  [['W', 'S'], 'zoom in, out (also + and −, Ctrl-wheel)'],
  [['A', 'D'], 'pan (also Shift-wheel, drag)'],
  [['F'], 'the whole run'],
  [['Z'], 'zoom to the selection (double click)'],
  [['L'], 'follow live'],
  [['G'], 'fold, open the charts of goroutines and memory'],
  [['[', ']'], 'previous, next phase of the selected test'],
  [['Esc'], 'nothing chosen: the run’s own page'],
];

/** Keys and signs; opened by `?` too. */
export function HelpButton(): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== '?' || (event.target instanceof HTMLElement && event.target.matches('input, select, textarea')))
        return;
      if (dialog.current?.open === true) dialog.current.close();
      else dialog.current?.showModal();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
  return (
    <>
      <button
        type="button"
        className="icon-button"
        title="Keys and signs  ?"
        aria-label="Keys and signs"
        onClick={() => dialog.current?.showModal()}
      >
        <HelpIcon />
      </button>
      <dialog
        ref={dialog}
        className="help"
        aria-label="Keys and signs"
        onClick={(event) => event.target === dialog.current && dialog.current?.close()}
      >
        <div className="help-body">
          <section>
            <h2>Keys</h2>
            <dl>
              {KEYS.map(([keys, what]) => (
                <div key={what}>
                  <dt>
                    {keys.map((key) => (
                      <kbd key={key}>{key}</kbd>
                    ))}
                  </dt>
                  <dd>{what}</dd>
                </div>
              ))}
            </dl>
          </section>
          <section>
            <h2>Lanes</h2>
            <dl>
              {Object.entries(PHASE_WORDS).map(([phase, { word, what }]) => (
                <div key={phase}>
                  <dt>
                    <span className={`swatch swatch-${phase}`} />
                  </dt>
                  <dd>
                    <b>{word}</b>: {what}
                  </dd>
                </div>
              ))}
              <div>
                <dt>
                  <span className="swatch swatch-lost" />
                </dt>
                <dd>
                  <b>lost</b>: began and has no end; torn where its package died
                </dd>
              </div>
              <div>
                <dt>
                  <span className="swatch swatch-never" />
                </dt>
                <dd>
                  <b>never started</b>: paused for a turn that never came
                </dd>
              </div>
              <div>
                <dt>
                  <span className="swatch swatch-package" />
                </dt>
                <dd>
                  <b>package</b>: how many of its tests run at once; ticks are failures
                </dd>
              </div>
            </dl>
          </section>
          <section>
            <h2>Goroutines</h2>
            <dl className="narrow">
              {GO_GROUPS.map((group) => (
                <div key={group}>
                  <dt>
                    <GoSwatch group={group} />
                  </dt>
                  <dd>
                    <b>{GO_GROUP_WORDS[group].word}</b>: {GO_GROUP_WORDS[group].what}
                  </dd>
                </div>
              ))}
            </dl>
            <p className="faint">In the lane of one goroutine a wait is half as high as what runs, or could.</p>
          </section>
        </div>
      </dialog>
    </>
  );
}
