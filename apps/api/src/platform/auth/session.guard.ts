import {
  type CanActivate,
  createParamDecorator,
  type ExecutionContext,
  Injectable,
  SetMetadata,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Caller } from '@lineage/domain';
import type { FastifyRequest } from 'fastify';
import { DomainError } from '../errors/domain-error.ts';
import { CallerResolver, type Login } from './caller-resolver.ts';
import { OriginPolicy } from './origin-policy.ts';

const PUBLIC = 'lineage:public';
const logins = new WeakMap<FastifyRequest, Login>();

/** The route needs no login. It still checks the Origin of a state-changing request. */
export const Public = (): MethodDecorator & ClassDecorator => SetMetadata(PUBLIC, true);

/** The proved caller of this request, passed first to every handler. */
export const CurrentCaller = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  const login = logins.get(context.switchToHttp().getRequest<FastifyRequest>());
  if (login === undefined) throw new DomainError('unauthenticated', 'Sign in first.');
  return login.caller;
});

/** Origin first, then the login session; the policy is asked by the service, which knows the thing itself. */
@Injectable()
export class SessionGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly resolver: CallerResolver,
    private readonly origins: OriginPolicy,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (!safeMethods.has(request.method) && !this.origins.allows(request.headers)) {
      throw new DomainError(
        'forbidden_origin',
        'This request came from another site. Open Lineage at its own address.',
      );
    }
    const isPublic = this.reflector.getAllAndOverride<boolean>(PUBLIC, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (isPublic) return true;
    const login = await this.resolver.resolve(request.headers);
    if (login === null)
      throw new DomainError(
        'unauthenticated',
        'Your login has ended. Sign in again; nothing you saved is lost.',
      );
    logins.set(request, login);
    return true;
  }
}

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);
