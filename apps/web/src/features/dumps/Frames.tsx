import type { ShownBucket } from '@observe/query';
import type { ReactNode } from 'react';

type Frame = ShownBucket['frames'][number];
type CreatedBy = NonNullable<ShownBucket['createdBy']>;

/** `/home/u/shop/auth/session_test.go:31`; `isShort`: the file without its directories. */
export function placeOf({ file, line }: Pick<Frame, 'file' | 'line'>, isShort = false): string {
  if (file === undefined) return '';
  const shown = isShort ? file.slice(file.lastIndexOf('/') + 1) : file;
  return line === undefined ? shown : `${shown}:${line}`;
}

/** A stack, innermost first. */
export function Frames({
  frames,
  createdBy,
}: {
  frames: readonly Frame[];
  createdBy?: CreatedBy | undefined;
}): ReactNode {
  return (
    <ol className="frames">
      {frames.map((frame, i) => (
        <li key={i}>
          <code>{frame.func}</code> <span className="faint">{placeOf(frame)}</span>
        </li>
      ))}
      {createdBy !== undefined && (
        <li className="created">
          <span className="faint">created by</span> <code>{createdBy.func}</code>{' '}
          <span className="faint">
            {placeOf(createdBy)}
            {createdBy.goid === undefined ? '' : ` in goroutine ${createdBy.goid}`}
          </span>
        </li>
      )}
    </ol>
  );
}
