export * from './caller.ts';
export * from './policy.ts';
