import { spawn } from 'node:child_process';
import { ROOT } from './root.mjs';

/**
 * Runs a program from the repository root to its end and keeps what it printed, both streams as one text.
 * `code` is 127 when it could not be started, 128 when a signal ended it.
 *
 * @param {string} command a name without an extension is looked up on the PATH, on Windows as a `.cmd` too
 * @param {readonly string[]} args not quoted: no spaces or shell characters
 * @param {{ env?: NodeJS.ProcessEnv, isShown?: boolean }} [options] `isShown`: its output also goes to our stderr
 * @returns {Promise<{ code: number, output: string }>}
 */
export function run(command, args, { env = process.env, isShown = false } = {}) {
  return new Promise((done) => {
    const isScript = process.platform === 'win32' && !command.includes('.');
    const child = spawn(command, args, { cwd: ROOT, env, shell: isScript, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
        output += text;
        if (isShown) process.stderr.write(text);
      });
    }
    child.on('error', (error) => done({ code: 127, output: `${output}${error.message}\n` }));
    child.on('close', (code) => done({ code: code ?? 128, output }));
  });
}

/**
 * The environment for a package manager inside an npm script. npm hands its own settings down as `npm_config_*` (`global`,
 * `dry_run`, `json`, a prefix …), which another one would obey; how to reach a registry is all that should pass.
 */
export function packageManagerEnv() {
  const passes = /^npm_config_(registry|cache|userconfig|globalconfig|ca|cafile|strict_ssl|\w*proxy|[@/].*)$/i;
  const entries = Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name) || passes.test(name));
  // CI: never ask anything. Quiet: what npm warns of is about the user's own settings.
  return { ...Object.fromEntries(entries), CI: 'true', npm_config_loglevel: 'error' };
}
