import { isStandardLibrary } from '@observe/gostack';
import type { ReactNode } from 'react';

/** One call; `file` and `line` are absent where Go says none. */
export interface ShownCall {
  readonly func: string;
  readonly file?: string | undefined;
  readonly line?: number | undefined;
}

/** `/home/u/shop/auth/session_test.go:31`; `isShort`: the file without its directories. */
export function placeOf({ file, line }: Pick<ShownCall, 'file' | 'line'>, isShort = false): string {
  if (file === undefined) return '';
  const shown = isShort ? file.slice(file.lastIndexOf('/') + 1) : file;
  return line === undefined ? shown : `${shown}:${line}`;
}

/** `auth.(*Store).Get` of `example.com/shop/auth.(*Store).Get`. */
export const shortFunc = (func: string): string => func.slice(slashBefore(func) + 1);

/** Type arguments have slashes of their own. */
function slashBefore(func: string): number {
  const bracket = func.indexOf('[');
  return func.lastIndexOf('/', bracket === -1 ? undefined : bracket);
}

/** A stack, innermost first. `dimsLibrary`: calls of the runtime and the standard library stand back. */
export function Frames({
  frames,
  createdBy,
  dimsLibrary = false,
}: {
  frames: readonly ShownCall[];
  createdBy?: (ShownCall & { readonly goid?: number | undefined }) | undefined;
  dimsLibrary?: boolean;
}): ReactNode {
  return (
    <ol className="frames">
      {frames.map((frame, i) => (
        <li key={i} className={dimsLibrary && isLibrary(frame) ? 'is-library' : undefined}>
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

export const isLibrary = ({ func, file }: ShownCall): boolean => isStandardLibrary({ func, file });
