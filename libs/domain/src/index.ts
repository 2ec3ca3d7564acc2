export * from './caller.ts';
export * from './fair-queue.ts';
export * from './policy.ts';
