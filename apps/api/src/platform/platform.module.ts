import { Global, Module } from '@nestjs/common';
import { OriginPolicy } from './auth/index.ts';
import { DomainEvents } from './events/index.ts';
import { UpgradeRouter } from './http/index.ts';

/** What every feature may use. It imports no feature. */
@Global()
@Module({
  providers: [OriginPolicy, DomainEvents, UpgradeRouter],
  exports: [OriginPolicy, DomainEvents, UpgradeRouter],
})
export class PlatformModule {}
