export { useAllCommands, useCommandKeys, useCommands, type Command } from './commands.ts';
export { keycaps } from './key-match.ts';
