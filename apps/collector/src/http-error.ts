import { StoreError } from '@observe/store';
import type { NextFunction, Request, Response } from 'express';
import type { Log } from './log.ts';

/** An answer other than the one asked for: what was wrong, with what value, and what to do. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** Errors as JSON. What is not meant for the asker goes to the log only. */
export const sendErrors =
  (log: Log) =>
  (error: unknown, _request: Request, response: Response, next: NextFunction): void => {
    if (response.headersSent) return next(error); // cuts the connection: the answer is not whole
    const { status, code, message } = known(error) ?? {
      status: 500,
      code: 'internal',
      message: 'a fault of the collector; its log says more',
    };
    if (status >= 500) log.error({ err: error }, 'request failed');
    response.status(status).json({ error: { code, message } });
  };

function known(error: unknown): { status: number; code: string; message: string } | undefined {
  if (error instanceof HttpError) return error;
  if (error instanceof StoreError)
    return { status: STORE_STATUS[error.code] ?? 500, code: error.code, message: error.message };
  // body-parser and the router say what was wrong with a request in this way
  if (error instanceof Error && 'status' in error && typeof error.status === 'number' && error.status < 500) {
    return { status: error.status, code: 'bad-request', message: error.message };
  }
  return undefined;
}

const STORE_STATUS: Partial<Record<StoreError['code'], number>> = {
  refused: 422,
  'not-found': 404,
  held: 409,
  fenced: 409,
  'newer-format': 409,
  'no-space': 507,
  unwritable: 507,
};
