import type { AddressInfo } from 'node:net';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from '../app.module.ts';
import type { Config } from '../config/index.ts';
import { makeDataSource, migrate } from '../database/index.ts';
import { LiveServerAdapter } from '../features/classroom/index.ts';
import { type LoginLibrary, makeLoginLibrary, mountLoginRoutes } from '../features/identity/index.ts';
import { OriginPolicy } from '../platform/auth/index.ts';
import { DomainEvents } from '../platform/events/index.ts';
import { UpgradeRouter, validationPipe } from '../platform/http/index.ts';
import { newId } from '../platform/ids/index.ts';
import { log } from '../platform/logging/index.ts';
import { schema } from '../schema.ts';
import { mountClient } from './client-files.ts';
import { logRequests } from './request-log.ts';
import { publishOpenApi } from './open-api.ts';

/** JSON bodies above this are refused before they are parsed. */
const MAX_BODY_BYTES = 256 * 1024;

/** A listening Lineage API. */
export type RunningApp = {
  readonly app: NestFastifyApplication;
  readonly url: string;
  /** Drains sockets and runs, then closes everything this process holds. */
  close(): Promise<void>;
};

/** Migrates, builds and listens. Used by `main.ts` and by the tests alike, so that they start the same thing. */
export async function startApp(config: Config): Promise<RunningApp> {
  const origins: { current: () => string[] } = { current: () => [] };
  const library = makeLoginLibrary(config, () => origins.current());
  try {
    await migrateAll(config, library);
    const app = await buildApp(config, library);
    const policy = app.get(OriginPolicy);
    origins.current = () => policy.allowedOrigins;
    await app.listen(config.http.port, config.http.host);
    const { port } = app.getHttpServer().address() as AddressInfo;
    policy.listeningOn(port);
    return { app, url: policy.publicOrigin, close: () => closeAll(app, library) };
  } catch (error) {
    await library.close();
    throw error;
  }
}

async function migrateAll(config: Config, library: LoginLibrary): Promise<void> {
  const dataSource = makeDataSource(config, schema);
  await dataSource.initialize();
  try {
    await migrate(dataSource, [() => library.migrate()]);
  } finally {
    await dataSource.destroy();
  }
}

async function buildApp(config: Config, library: LoginLibrary): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit: MAX_BODY_BYTES,
    trustProxy: config.http.trustedProxies.length === 0 ? false : [...config.http.trustedProxies],
    genReqId: () => newId(),
    forceCloseConnections: true,
  });
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.of(config, library), adapter, {
    logger: false,
    abortOnError: false,
  });
  app.setGlobalPrefix('api', { exclude: ['metrics'] });
  app.useGlobalPipes(validationPipe);
  app.useWebSocketAdapter(new LiveServerAdapter(app.getHttpServer(), app.get(OriginPolicy)));
  const server = adapter.getInstance();
  logRequests(server);
  mountLoginRoutes(server, library, () => app.get(OriginPolicy).publicOrigin, app.get(DomainEvents));
  await mountClient(server, config.paths.client);
  publishOpenApi(app);
  app.get(UpgradeRouter).attach(app.getHttpServer());
  await app.init();
  return app;
}

async function closeAll(app: NestFastifyApplication, library: LoginLibrary): Promise<void> {
  await app.close();
  await library.close();
  log.info('stopped');
}
