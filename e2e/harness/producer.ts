import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { recordingBytes } from '@observe/testkit';
import { WebSocket } from 'ws';

/** What a record says of an artifact, as packages/protocol has it. */
export interface ArtifactFacts {
  readonly id: string;
  readonly name: string;
  readonly format: 'trace' | 'pprof' | 'coverage' | 'dump' | 'unknown';
  readonly label?: string;
  readonly package?: string;
  readonly state: 'growing' | 'whole' | 'cut';
  readonly bytes?: number;
  readonly why?: string;
}

/**
 * A producer that speaks to the collector by hand: lines, and artifacts that grow beside them, in any order and as slowly as a test
 * wants. Each step resolves once the collector has it for good.
 */
export interface Producer {
  readonly runId: string;
  host(facts: object): Promise<void>;
  lines(bytes: Uint8Array): Promise<void>;
  artifact(facts: ArtifactFacts): Promise<void>;
  /** The next bytes of an artifact. */
  chunk(artifact: string, bytes: Uint8Array): Promise<void>;
  end(exitCode?: number): Promise<void>;
  leave(): void;
}

export async function startProducer(home: string, runId: string): Promise<Producer> {
  const { host, port, token, protocol } = JSON.parse(readFileSync(join(home, 'collector.json'), 'utf8')) as {
    host: string;
    port: number;
    token: string;
    protocol: number;
  };
  const socket = new WebSocket(`ws://${host}:${port}/api/produce`, { headers: { authorization: `Bearer ${token}` } });
  const stored = new Map<string, number>();
  const sent = new Map<string, number>();
  let [line, acked] = [1, -1];
  let refusal: string | undefined;
  let wake = (): void => undefined;
  socket.on('message', (data: Buffer) => {
    const message = JSON.parse(data.toString('utf8')) as {
      type: string;
      have?: number;
      line?: number;
      artifact?: string;
      bytes?: number;
      message?: string;
    };
    if (message.type === 'welcome') acked = message.have ?? 0;
    else if (message.type === 'ack') acked = message.line ?? 0;
    else if (message.type === 'stored') stored.set(message.artifact ?? '', message.bytes ?? 0);
    else refusal = message.message ?? message.type;
    wake();
  });
  socket.on('close', () => {
    refusal ??= 'the collector closed the line';
    wake();
  });
  socket.on('error', (error) => {
    refusal ??= error.message;
    wake();
  });
  /** One wait at a time: each step is awaited. */
  const until = (isSo: () => boolean): Promise<void> =>
    new Promise((resolve, reject) => {
      wake = () => {
        if (isSo()) resolve();
        else if (refusal !== undefined) reject(new Error(refusal));
      };
      wake();
    });

  /** Sends a record that takes `count` numbers. */
  const record = async (
    kind: string,
    fields: object,
    count = 1,
    payload: Uint8Array = new Uint8Array(0),
  ): Promise<void> => {
    const header = { kind, line, monoNs: line * 1000, ...fields };
    socket.send(Buffer.concat([Buffer.from(JSON.stringify(header) + '\n'), payload]));
    line += count;
    await until(() => acked >= line - 1);
  };

  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  socket.send(JSON.stringify({ type: 'hello', protocol, runId, producer: `e2e-${runId}` }));
  await until(() => acked >= 0);

  return {
    runId,
    host: (facts) => record('host', { facts: { observeVersion: '0', wall: new Date().toISOString(), ...facts } }),
    async lines(bytes) {
      const count = bytes.filter((byte) => byte === 0x0a).length;
      if (count > 0) await record('lines', { count, bytes: bytes.byteLength }, count, bytes);
    },
    artifact: (artifact) => record('artifact', { artifact }),
    async chunk(artifact, bytes) {
      const offset = sent.get(artifact) ?? 0;
      const header = { kind: 'chunk', artifact, offset, bytes: bytes.byteLength };
      socket.send(Buffer.concat([Buffer.from(JSON.stringify(header) + '\n'), bytes]));
      sent.set(artifact, offset + bytes.byteLength);
      await until(() => (stored.get(artifact) ?? 0) >= offset + bytes.byteLength);
    },
    end: (exitCode) => record('end', { reason: 'eof', ...(exitCode === undefined ? {} : { exitCode }) }),
    leave: () => socket.close(),
  };
}

/** The packages of the recorded shop that have a trace. */
export const SHOP_TRACES = ['auth', 'inventory', 'orders', 'payments', 'reports'] as const;

/** Feeds the recorded shop with the traces of its packages to the collector of this home, and ends it; answers the run's id. */
export async function produceShop(
  home: string,
  release = 'go1.26',
  runId = `shop-${release.replace('.', '-')}`,
): Promise<string> {
  const producer = await startProducer(home, runId);
  await producer.host({ name: 'shop', goVersion: `${release}.0`, args: ['observe', 'test', './...'] });
  await producer.lines(recordingBytes(`shop/${release}/run.jsonl`));
  for (const name of SHOP_TRACES) {
    const bytes = recordingBytes(`shop/${release}/${name}.trace`);
    const facts = {
      id: `trace-${name}`,
      name: `${name}.trace`,
      format: 'trace',
      package: `example.com/shop/${name}`,
    } as const;
    await producer.artifact({ ...facts, state: 'growing' });
    await producer.chunk(facts.id, bytes);
    await producer.artifact({ ...facts, state: 'whole', bytes: bytes.byteLength });
  }
  await producer.end(1);
  producer.leave();
  return runId;
}
