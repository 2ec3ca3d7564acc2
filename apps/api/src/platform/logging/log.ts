import pino from 'pino';

/**
 * The process's logger. Messages are constants, facts are fields; never code, output, tokens or whole configs.
 * `setLogLevel` is called once the config is parsed.
 */
export const log = pino({
  base: null,
  timestamp: pino.stdTimeFunctions.isoTime,
  redact: { paths: ['*.authorization', '*.cookie', 'headers', 'req.headers'], censor: '[secret]' },
});

export function setLogLevel(level: string): void {
  log.level = level;
}
