import { spawn } from 'node:child_process';
import { root } from './paths.mjs';
import { diskFullSentence, SetupError } from './step.mjs';

/** npm does not end by itself on an interrupt: after this it is killed, and the next start installs again. */
const INTERRUPT_GRACE_MS = 2000;
const KEPT_CHARACTERS = 20_000;
const children = new Set();

/** Ends every command that `run` started and that still runs. */
export function endCommands() {
  for (const child of children) {
    signal(child, 'SIGTERM');
    setTimeout(() => signal(child, 'SIGKILL'), INTERRUPT_GRACE_MS).unref();
  }
}

/** Runs a command to its end; what it printed is shown only when it fails. @throws SetupError */
export function run(command, args, { env = {}, cwd = root, advice = '', onStart = () => {} } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
      shell: process.platform === 'win32',
    });
    children.add(child);
    if (child.pid !== undefined) onStart(child.pid);
    let output = '';
    const keep = (chunk) => (output = (output + chunk).slice(-KEPT_CHARACTERS));
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('error', (cause) =>
      reject(new SetupError(`${command} could not be started: ${cause.message}`, { cause })),
    );
    child.once('close', (code) => {
      children.delete(child);
      const full = code === 0 ? null : diskFullSentence({ message: output });
      if (code === 0) resolve(output);
      else if (full !== null) reject(new SetupError(full));
      else
        reject(new SetupError(`${[command, ...args].join(' ')} failed:\n${output.trim()}\n${advice}`.trim()));
    });
  });
}

function signal(child, name) {
  try {
    process.kill(process.platform === 'win32' ? child.pid : -child.pid, name);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}
