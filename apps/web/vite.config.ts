import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** Where `npm run dev` finds the API. */
const api = process.env['LINEAGE_API'] ?? 'http://127.0.0.1:4600';

// eslint-disable-next-line no-restricted-exports -- Vite reads its configuration from the default export.
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), onlyWebSocket(), withoutJsonSchema(), precompress()],
  // The API puts a fresh nonce in place of the mark on each answer.
  html: { cspNonce: '{{nonce}}' },
  // Two copies of yjs break instanceof checks; two of react break hooks.
  resolve: { dedupe: ['yjs', 'y-protocols', 'lib0', 'react', 'react-dom'] },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
    rolldownOptions: { output: { codeSplitting: { groups: chunks() } } },
  },
  worker: { format: 'es' },
  server: {
    proxy: {
      '/api': { target: api },
      '/socket.io': { target: api, ws: true },
      '/collab': { target: api, ws: true },
    },
  },
});

/**
 * Few files instead of one for each shared module: what every page needs, what live events, lessons and code need, and
 * what floats. A group takes what its modules import along, so the one that all others build on comes first.
 */
function chunks() {
  const packages = (names: string): string => `/node_modules/(${names})/`;
  const ours = (files: string): string => `/web/src/(${files})`;
  const anyOf = (...patterns: string[]): RegExp => new RegExp(patterns.join('|'));
  return [
    {
      name: 'base',
      test: anyOf(
        packages('react|react-dom|scheduler|@tanstack|zod'),
        // What every dynamic import asks: in a group of code it would have each page load that group.
        'vite/preload-helper',
        // Without the icons: most are of what is loaded when it is wanted.
        '/node_modules/lucide-react/dist/esm/(?!icons/)',
        '/node_modules/lucide-react/dist/esm/icons/(check|code-xml|eye|loader-circle|triangle-(alert|exclamation-point)|x)\\.',
        ours('shared/(api|i18n|keyboard|navigation|ui/(?!dialog|side-drawer|lazy-dialog|field))'),
        ours('shared/theme/(index|theme-store|page-nonce)'),
        ours('app/pages/(signed-in|use-cohort-title)|app/frame/((page|account-menu)\\.module|use-sign-out)'),
        '/libs/contracts/src/',
      ),
      priority: 5,
    },
    {
      name: 'live',
      test: anyOf(
        packages('(socket|engine)\\.io[a-z-]*'),
        ours('shared/socket/|features/((profile|history)|runs/(findings|options))/texts'),
      ),
      priority: 4,
    },
    { name: 'floating', test: anyOf(packages('@mantine|@floating-ui|react-remove-scroll')), priority: 3 },
    {
      name: 'code',
      test: anyOf(
        packages('@codemirror/(state|view|language|commands|lang-go|autocomplete)|@lezer/[a-z]+'),
        packages('yjs|y-protocols|lib0'),
        ours(
          'shared/code/|features/editor/(room/|codemirror/((notes|others)-slot|text-(position|binding)|own-undo)|state/shown-cursors)',
        ),
        ours('features/editor/(notice-line|room-people\\.module)|app/pages/workspace\\.module'),
        ours('features/runs/(dock-tabs|run-kinds|run-(controls|dock)\\.module)'),
        '/libs/collab/src/',
      ),
      priority: 2,
    },
    {
      name: 'lesson',
      // Without the reader of Markdown, for which no page waits.
      test: anyOf(
        ours('features/(lesson/(?!markdown)|class/(agenda\\.|fold-class|follow|use-class-session))'),
      ),
      priority: 1,
    },
  ];
}

/**
 * Live events come by WebSocket alone (`transports` in `shared/socket`): what its library has for other ways is not loaded.
 */
function onlyWebSocket(): Plugin {
  const library = 'engine.io-client/build/esm/';
  return {
    name: 'lineage:only-websocket',
    apply: 'build',
    transform(_code, id) {
      if (id.endsWith(`${library}transports/index.js`))
        return {
          code: `import { WS } from './websocket.node.js';\nexport const transports = { websocket: WS };`,
          map: null,
        };
      // These ask at once what the browser has, which keeps them from being left out unused.
      if (/transports\/(polling|webtransport)|contrib\/has-cors/.test(id) && id.includes(library))
        return { moduleSideEffects: false };
      return undefined;
    },
  };
}

/**
 * Each kind of zod's schemas names its way to JSON Schema, so that all of it would be loaded for pages that write none. What
 * is made with each schema stays, and says so when it is called.
 */
function withoutJsonSchema(): Plugin {
  return {
    name: 'lineage:without-json-schema',
    apply: 'build',
    transform(code, id) {
      if (!/zod\/v4\/core\/(json-schema-processors|to-json-schema)\.js$/.test(id)) return undefined;
      const names = [...code.matchAll(/^export (?:const|function) (\w+)/gm)].map(([, name]) => name);
      const left = names.map(
        (name) => `export const ${name} = ${name?.startsWith('create') ? 'made' : 'none'};`,
      );
      return {
        code: `const none = () => { throw new Error('The client has no JSON Schema.'); };\nconst made = () => none;\nexport { none as process };\n${left.join('\n')}`,
        map: null,
      };
    },
  };
}

/** Below this a header costs more than is saved. */
const WORTH_COMPRESSING_BYTES = 1024;

/** Writes `.br` and `.gz` beside each text asset, which the API serves to those who take them. */
function precompress(): Plugin {
  const asBrotli = promisify(brotliCompress);
  const asGzip = promisify(gzip);
  const compress = async (file: string): Promise<void> => {
    const bytes = await readFile(file);
    if (bytes.length < WORTH_COMPRESSING_BYTES) return;
    const params = {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    };
    await Promise.all([
      asBrotli(bytes, { params }).then((small) => writeFile(`${file}.br`, small)),
      asGzip(bytes, { level: constants.Z_BEST_COMPRESSION }).then((small) => writeFile(`${file}.gz`, small)),
    ]);
  };
  return {
    name: 'lineage:precompress',
    apply: 'build',
    writeBundle: async ({ dir }) => {
      if (dir === undefined) return;
      const assets = path.join(dir, 'assets');
      const names = (await readdir(assets)).filter((name) => /\.(js|css|svg)$/.test(name));
      await Promise.all(names.map((name) => compress(path.join(assets, name))));
    },
  };
}
