import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PROTOCOL, SCHEMA } from '@observe/protocol';
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import type { Access } from './access.ts';
import type { Answers } from './answers.ts';
import { runsApi } from './api.ts';
import { HttpError, sendErrors } from './http-error.ts';
import type { Log } from './log.ts';
import type { Runs } from './runs.ts';
import type { Traces } from './traces/traces.ts';
import { VERSION } from './version.ts';

export interface AppParts {
  readonly access: Access;
  readonly runs: Runs;
  readonly traces: Traces;
  readonly answers: Answers;
  readonly log: Log;
  /** Directory of the built page. */
  readonly web: string;
  /** Told of each request that counts as use. */
  readonly onUse: () => void;
}

/** All that HTTP asks for. WebSockets are upgraded beside it (server.ts). */
export function createApp({ access, runs, traces, answers, log, web, onUse }: AppParts): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');

  app.use((request, response, next) => {
    response.set(SAFE_HEADERS);
    if (access.isWelcome(request)) return next();
    // Says nothing about runs, and nothing to a page of elsewhere: no CORS header lets it read this.
    throw new HttpError(403, 'foreign', `this collector does not answer ${said(request)}; see --allow-host`);
  });

  app.get('/api/health', (_request, response) => {
    response
      .set('cache-control', 'no-store')
      .json({ schema: SCHEMA, status: 'ok', protocol: PROTOCOL, version: VERSION, pid: process.pid });
  });

  app.use((_request, _response, next) => {
    onUse();
    next();
  });

  app.use('/api', (request, response, next) => {
    response.set('cache-control', 'no-store');
    if (access.isKnown(request)) return next();
    response.set('www-authenticate', 'Bearer');
    throw new HttpError(
      401,
      'no-token',
      'no valid token: send `Authorization: Bearer …` with the one of collector.json, or let `observe open` open the page',
    );
  });
  app.post('/api/codes', (request, response) => {
    if (!access.hasToken(request))
      throw new HttpError(403, 'no-token', 'a code is given for the token itself only, not for a cookie');
    response.json({ schema: SCHEMA, code: access.newCode() });
  });
  app.use('/api/runs', runsApi({ runs, traces, answers, snapshotPage: join(web, 'snapshot.html') }));
  app.use('/api', (request) => {
    throw new HttpError(
      404,
      'unknown-path',
      `no ${request.method} ${request.originalUrl}; docs/api.md lists what there is`,
    );
  });

  app.get('/open', openPage(access));
  app.use(page(web));
  app.use(sendErrors(log));
  return app;
}

/** Changes a one-time code for the cookie, and goes on to the page. */
const openPage =
  (access: Access) =>
  (request: Request, response: Response): void => {
    const { code, to } = request.query;
    const cookie = typeof code === 'string' ? access.redeem(code, request) : undefined;
    response.set('cache-control', 'no-store');
    if (cookie !== undefined) response.append('set-cookie', cookie);
    else if (!access.isKnown(request)) {
      response
        .status(403)
        .type('text/plain')
        .send('This link was used before, or is too old.\nRun `observe open` for a new one.\n');
      return;
    }
    response.redirect(303, typeof to === 'string' && isOwnPath(to) ? to : '/');
  };

/** A path of this server; `//host` and `/\host` lead elsewhere. */
const isOwnPath = (to: string): boolean => /^\/(?![/\\])[\x21-\x7e]*$/.test(to);

/** The built page: hashed files for ever, the page itself looked at each time. It holds no data; those are under the token. */
function page(web: string): (request: Request, response: Response, next: NextFunction) => void {
  const router = express.Router();
  router.use(
    '/assets',
    express.static(join(web, 'assets'), { immutable: true, maxAge: '1y', index: false, fallthrough: false }),
  );
  router.use(
    express.static(web, {
      index: false,
      redirect: false,
      setHeaders: (response) => void response.setHeader('cache-control', 'no-cache'),
    }),
  );
  router.get(['/', '/runs/:id'], (_request, response) => {
    if (!existsSync(join(web, 'index.html'))) {
      response.status(503).type('text/plain').send(`The page is not built: there is no index.html in ${web}.\n`);
      return;
    }
    response.set('cache-control', 'no-cache').sendFile('index.html', { root: web });
  });
  router.use((request) => {
    throw new HttpError(404, 'unknown-path', `no ${request.path} here`);
  });
  return router;
}

const SAFE_HEADERS = {
  'content-security-policy':
    "default-src 'self'; img-src 'self' data:; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
};

const said = ({ headers }: Request): string =>
  headers.origin === undefined
    ? `for the host ${JSON.stringify(headers.host ?? '')}`
    : `the origin ${JSON.stringify(headers.origin)}`;
