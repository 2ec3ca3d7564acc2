export { killServer, serverPid, startSystem, type System } from './system.ts';
