export { CallerResolver, type LiveLogin, type Login } from './caller-resolver.ts';
export { LiveClassSource } from './live-class-source.ts';
export { MembershipSource } from './membership-source.ts';
export { OriginPolicy } from './origin-policy.ts';
export { CurrentCaller, Public, SessionGuard } from './session.guard.ts';
