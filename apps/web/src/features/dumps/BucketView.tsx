import type { ShownBucket } from '@observe/query';
import { useState, type ReactNode } from 'react';
import { Chevron } from '../../ui/icons.tsx';
import { Frames, placeOf } from '../../ui/Frames.tsx';
import { TESTING_WAIT_WORDS } from '../../ui/words.ts';

const NOISE_WORDS: Readonly<Record<NonNullable<ShownBucket['noise']>, string>> = {
  testing: 'package testing',
  alarm: 'the alarm of -timeout',
  signals: 'os/signal',
  tracing: 'tracing and profiling',
  runtime: 'the runtime',
};

/** Goroutines that stand at the same place: how many, doing what, where, for which test. Opens to the stack. */
export function BucketView({
  bucket,
  isMine,
  isOpen: opensAtOnce,
}: {
  bucket: ShownBucket;
  isMine: boolean;
  isOpen: boolean;
}): ReactNode {
  const [isOpen, setOpen] = useState(opensAtOnce || isMine);
  const { goids, status, minutes, user, call, owners, testingWait, noise } = bucket;
  const told =
    testingWait !== undefined ? TESTING_WAIT_WORDS[testingWait] : noise !== undefined ? NOISE_WORDS[noise] : undefined;
  const place = user ?? call;
  return (
    <li className={isMine ? 'bucket is-mine' : 'bucket'}>
      <button type="button" className="bucket-head" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        <Chevron isOpen={isOpen} />
        <span
          className="bucket-count"
          title={`goroutine ${goids.slice(0, 20).join(', ')}${goids.length > 20 ? ' …' : ''}`}
        >
          {goids.length === 1 ? `#${goids[0]}` : `${goids.length} ×`}
        </span>
        <span className="bucket-status">{status}</span>
        {minutes !== undefined && minutes.max > 0 && (
          <span className="tone-lost">
            {minutes.min === minutes.max ? `${minutes.max} min` : `${minutes.min}–${minutes.max} min`}
          </span>
        )}
        <span className="bucket-where ellipsis">
          {told !== undefined && <span className="muted">{told}</span>}
          {told === undefined && place !== undefined && (
            <>
              <code>{place.func}</code> <span className="faint">{placeOf(place, true)}</span>
            </>
          )}
        </span>
        {owners.map(({ test, count }) => (
          <span key={test} className="bucket-owner" title={count > 1 ? `${count} goroutines` : undefined}>
            {test}
          </span>
        ))}
      </button>
      {isOpen && <Frames frames={bucket.frames} createdBy={bucket.createdBy} />}
    </li>
  );
}
