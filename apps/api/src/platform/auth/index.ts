export { CallerResolver, type Login } from './caller-resolver.ts';
export { OriginPolicy } from './origin-policy.ts';
export { CurrentCaller, Public, SessionGuard } from './session.guard.ts';
