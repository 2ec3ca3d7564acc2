import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';

/** Publishes the description of every HTTP route, made from the same schemas that check requests and answers. */
export function publishOpenApi(app: NestFastifyApplication): void {
  const head = new DocumentBuilder()
    .setTitle('Lineage')
    .setDescription('Errors are RFC 9457 problem details. Durable commands want an Idempotency-Key header.')
    .setVersion('0.1.0')
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addCookieAuth('lineage.session_token')
    .build();
  let document: string | null = null;
  app
    .getHttpAdapter()
    .getInstance()
    .get(
      '/api/openapi.json',
      async (_: unknown, reply: { type(t: string): { send(body: string): unknown } }) => {
        document ??= JSON.stringify(SwaggerModule.createDocument(app, head));
        return reply.type('application/json').send(document);
      },
    );
}
