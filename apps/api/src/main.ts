import 'reflect-metadata';
import path from 'node:path';
import { ConfigError, loadConfig } from './config/index.ts';
import { FirstOwner } from './features/identity/index.ts';
import { log, setLogLevel } from './platform/logging/index.ts';
import { startApp } from './server/create-app.ts';

/** The clone: the launcher says where it is; a container's image sets it. */
const root = path.resolve(process.env['LINEAGE_ROOT'] ?? process.cwd());

async function main(): Promise<void> {
  const config = loadConfig(process.env, root);
  setLogLevel(config.logLevel);
  const running = await startApp(config);
  const firstOwner = running.app.get(FirstOwner);
  const setupUrl =
    !config.identity.demo && (await firstOwner.isNeeded())
      ? `${running.url}/setup#${await firstOwner.issueToken()}`
      : null;
  // The launcher reads this over its own channel: the link must be in no log.
  process.send?.({ type: 'ready', url: running.url, setupUrl });
  log.info({ url: running.url }, 'listening');
  if (process.send === undefined && setupUrl !== null)
    process.stderr.write(`Open this once to make the first owner: ${setupUrl}\n`);
  endOnSignals(running.close);
}

function endOnSignals(close: () => Promise<void>): void {
  let ending = false;
  const end = (): void => {
    if (ending) return;
    ending = true;
    close().then(
      () => process.exit(0),
      (err: unknown) => {
        log.error({ err }, 'shutdown failed');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  // The launcher is gone: without it nobody would end us.
  process.on('disconnect', end);
}

main().catch((error: unknown) => {
  if (error instanceof ConfigError) process.stderr.write(`${error.message}\n`);
  else if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
    process.stderr.write('The port is taken by another program. Choose another one: PORT=4601 npm start\n');
  } else log.fatal({ err: error }, 'start failed');
  process.exit(1);
});
