import type { ShownReport } from '@observe/query';
import type { ReactNode } from 'react';
import { Frames } from '../../ui/Frames.tsx';

/** Two accesses without an order between them, and how their goroutines came to be. */
export function RaceView({ race }: { race: NonNullable<ShownReport['race']> }): ReactNode {
  return (
    <div className="race">
      {race.accesses.map((access, i) => (
        <div key={i} className="race-part">
          <h4>
            {access.isPrevious ? `Earlier ${access.kind}` : capital(access.kind)}{' '}
            <span className="faint">at {access.address}</span> by goroutine {access.goid}
          </h4>
          {access.isStackRestored ? (
            <Frames frames={access.frames} />
          ) : (
            <p className="faint">Its stack was forgotten (GORACE=history_size).</p>
          )}
        </div>
      ))}
      {race.goroutines.map((goroutine) => (
        <div key={goroutine.goid} className="race-part">
          <h4>
            Goroutine {goroutine.goid} <span className="faint">({goroutine.isRunning ? 'running' : 'finished'})</span>{' '}
            created at
          </h4>
          <Frames frames={goroutine.frames} />
        </div>
      ))}
      {race.location !== undefined && (
        <div className="race-part">
          <h4>{race.location.text}</h4>
          <Frames frames={race.location.frames} />
        </div>
      )}
      {!race.isComplete && <p className="faint">The report has no end: the stream stopped inside it.</p>}
    </div>
  );
}

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
