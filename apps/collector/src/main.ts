import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { collectorLogPath, observeHome } from '@observe/store';
import { createLog } from './log.ts';
import { HELP, readCommand, type Command } from './options.ts';
import { startCollector, StartError, type Collector } from './server.ts';

/** Exit codes; see HELP. */
const [FAULT, CANNOT_START, HELD] = [1, 2, 3] as const;
/** A stop that takes longer than this is no stop. */
const STOP_MS = 10_000;

const command = read();
if (command?.isHelp === true) process.stdout.write(HELP);
else if (command !== undefined) await run(command);

function read(): Command | undefined {
  try {
    // The bundle is apps/collector/dist/main.js; the page lies beside it, in the repository as in the package.
    const web = fileURLToPath(new URL('../../web/dist', import.meta.url));
    return readCommand(process.argv.slice(2), process.env, { home: observeHome(process.env, process.platform), web });
  } catch (error) {
    process.stderr.write(`collector: ${error instanceof Error ? error.message : String(error)}\nSee --help.\n`);
    process.exitCode = CANNOT_START;
    return undefined;
  }
}

async function run({ options, isJson }: Command): Promise<void> {
  const log = createLog(collectorLogPath(options.home), options.logLevel);
  const die = (error: unknown): void => {
    log.error({ err: error }, 'fault');
    process.stderr.write(`collector: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(FAULT); // what was acknowledged is in the logs: a restart goes on from there
  };
  process.on('uncaughtException', die);
  process.on('unhandledRejection', die);
  process.stdout.on('error', () => undefined); // whoever started us need not listen

  let collector: Collector;
  try {
    collector = await startCollector(options, log);
  } catch (error) {
    process.stderr.write(`collector: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = error instanceof StartError && error.code === 'held' ? HELD : CANNOT_START;
    return;
  }
  const { host, port, url } = collector;
  process.stdout.write(
    isJson
      ? JSON.stringify({ host, port, pid: process.pid, url, home: options.home }) + '\n'
      : `observe collects and serves at ${url} (runs in ${join(options.home, 'runs')})\n`,
  );

  let isStopping = false;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (isStopping) process.exit(FAULT); // asked twice
      isStopping = true;
      setTimeout(() => process.exit(FAULT), STOP_MS).unref();
      void collector.stop(signal);
    });
  }
  await collector.stopped;
  process.exitCode = 0;
}
