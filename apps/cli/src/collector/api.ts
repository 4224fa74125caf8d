import { apiError } from '@observe/protocol';
import { messageOf, Problem } from '../problem.ts';
import type { Collector } from './collector.ts';

/** The parsed answer of the HTTP API. Problem: the collector says no, in its words, or does not answer. */
export async function callApi(collector: Collector, method: 'GET' | 'POST', path: string): Promise<unknown> {
  const answer = await request(collector, method, path);
  return answer.json();
}

/** The answer itself, for what is not JSON. */
export async function request(
  { url, token }: Collector,
  method: 'GET' | 'POST' | 'PUT',
  path: string,
  body?: AsyncIterable<Uint8Array>,
): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(url + path, {
      method,
      ...(body === undefined ? {} : { body: ReadableStream.from(body), duplex: 'half' }),
      ...(token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } }),
    });
  } catch (error) {
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
    throw new Problem(`the collector at ${url} does not answer: ${messageOf(cause)}`);
  }
  if (answer.ok) return answer;
  const said = apiError.safeParse(await answer.json().catch(() => undefined)).data;
  throw new Problem(said?.error.message ?? `the collector at ${url} answered ${answer.status} to ${method} ${path}`);
}
