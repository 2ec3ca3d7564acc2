import { timingSafeEqual } from 'node:crypto';
import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { register } from 'prom-client';
import type { DataSource } from 'typeorm';
import { CONFIG, type Config } from '../../config/index.ts';
import { Public } from '../../platform/auth/index.ts';
import { DomainError, notFound } from '../../platform/errors/index.ts';

const loopback = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);
/** An answer later than this is no sign of health. */
const READY_DEADLINE_MS = 2_000;

/** What a supervisor and a monitor ask. */
@Public()
@Controller()
export class OperationsController {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @InjectDataSource() private readonly dataSource: DataSource,
  ) {}

  @Get('health/live')
  live(): { status: 'live' } {
    return { status: 'live' };
  }

  @Get('health/ready')
  async ready(): Promise<{ status: 'ready' }> {
    const answered = this.dataSource.query('SELECT 1').then(
      () => true,
      () => false,
    );
    const late = new Promise<false>((resolve) => setTimeout(resolve, READY_DEADLINE_MS, false).unref());
    if (!(await Promise.race([answered, late]))) {
      throw new DomainError(
        'unavailable',
        'The database does not answer. Edits stay in the browser as not saved until it does.',
      );
    }
    return { status: 'ready' };
  }

  @Get('metrics')
  async metrics(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    if (!this.#mayScrape(request)) throw notFound('page');
    await reply.type(register.contentType).send(await register.metrics());
  }

  #mayScrape(request: FastifyRequest): boolean {
    const { metricsToken } = this.config.http;
    if (metricsToken === null) return loopback.has(request.socket.remoteAddress ?? '');
    const given = Buffer.from(request.headers.authorization ?? '');
    const wanted = Buffer.from(`Bearer ${metricsToken.reveal()}`);
    return given.length === wanted.length && timingSafeEqual(given, wanted);
  }
}
