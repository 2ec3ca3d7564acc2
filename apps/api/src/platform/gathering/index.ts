export { Gathering } from './gathering.ts';
