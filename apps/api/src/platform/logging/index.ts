export { log, setLogLevel } from './log.ts';
