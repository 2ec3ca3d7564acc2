import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mountClient } from './client-files.ts';

const script = 'export const greeting = "hello";\n'.repeat(100);
let folder: string;
let server: FastifyInstance;

beforeEach(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'lineage-client-'));
  const assets = path.join(folder, 'assets');
  fs.mkdirSync(assets);
  fs.writeFileSync(path.join(folder, 'index.html'), '<script nonce="{{nonce}}"></script>');
  fs.writeFileSync(path.join(assets, 'app-1a2b.js'), script);
  fs.writeFileSync(path.join(assets, 'app-1a2b.js.br'), brotliCompressSync(script));
  fs.writeFileSync(path.join(assets, 'app-1a2b.js.gz'), gzipSync(script));
  fs.writeFileSync(path.join(assets, 'small-3c4d.js'), 'export {};');
  server = fastify();
  await mountClient(server, folder);
});

afterEach(async () => {
  await server.close();
  fs.rmSync(folder, { recursive: true });
});

const get = (name: string, headers: Record<string, string> = {}) =>
  server.inject({ url: `/assets/${name}`, headers });

describe('the assets of the client', () => {
  it('come in the smallest form that the browser takes', async () => {
    const best = await get('app-1a2b.js', { 'accept-encoding': 'gzip, deflate, br, zstd' });
    expect(best.headers['content-encoding']).toBe('br');
    expect(brotliDecompressSync(best.rawPayload).toString()).toBe(script);
    const older = await get('app-1a2b.js', { 'accept-encoding': 'gzip' });
    expect(older.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(older.rawPayload).toString()).toBe(script);
    const plain = await get('app-1a2b.js');
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(plain.body).toBe(script);
  });

  it('are told apart by caches, whichever form was sent', async () => {
    const forms = await Promise.all(
      ['br', 'gzip', 'identity'].map((encoding) => get('app-1a2b.js', { 'accept-encoding': encoding })),
    );
    for (const { headers } of forms) {
      expect(headers['vary']).toMatch(/accept-encoding/i);
      expect(headers['content-type']).toMatch(/javascript; charset=utf-8$/);
      expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
      expect(headers['x-content-type-options']).toBe('nosniff');
    }
    expect(new Set(forms.map(({ headers }) => headers['etag'])).size).toBe(3);
  });

  it('are not sent again to whoever has them', async () => {
    const accept = { 'accept-encoding': 'br' };
    const first = await get('app-1a2b.js', accept);
    const again = await get('app-1a2b.js', { ...accept, 'if-none-match': String(first.headers['etag']) });
    expect(again.statusCode).toBe(304);
    expect(again.body).toBe('');
  });

  it('come as they are when no compressed form was built, and not at all when there are none', async () => {
    const small = await get('small-3c4d.js', { 'accept-encoding': 'br' });
    expect(small.headers['content-encoding']).toBeUndefined();
    expect(small.body).toBe('export {};');
    expect((await get('gone-5e6f.js', { 'accept-encoding': 'br' })).statusCode).toBe(404);
  });
});

describe('the page of the client', () => {
  it('has a fresh nonce in each answer and is kept nowhere', async () => {
    const [one, two] = await Promise.all([server.inject('/'), server.inject('/cohorts/1')]);
    expect(one.headers['cache-control']).toBe('no-store');
    expect(one.body).toMatch(/nonce="[^"{]{20,}"/);
    expect(one.body).not.toBe(two.body);
    expect(String(two.headers['content-security-policy'])).toContain(/nonce="([^"]+)"/.exec(two.body)?.[1]);
  });
});
