export { killServer, startSystem, type System } from './system.ts';
