import { type DynamicModule, Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { CallerResolver } from '../../platform/auth/index.ts';
import { AccountDirectory } from './account-directory.ts';
import { Accounts } from './accounts.service.ts';
import { FirstOwner } from './first-owner.service.ts';
import { FirstOwnerLinkEntity } from './first-owner-link.entity.ts';
import { IdentityController } from './identity.controller.ts';
import { LOGIN_LIBRARY, type LoginLibrary } from './login-library.ts';
import { MeService } from './me.service.ts';
import { ProgrammeRoleEntity } from './programme-role.entity.ts';
import { SessionCallerResolver } from './session-caller-resolver.ts';

/** Global, because every transport asks it who the caller is. */
@Global()
@Module({})
export class IdentityModule {
  /** The library is made before the application, so that its tables can be migrated first. */
  static of(library: LoginLibrary): DynamicModule {
    return {
      module: IdentityModule,
      imports: [TypeOrmModule.forFeature([ProgrammeRoleEntity, FirstOwnerLinkEntity])],
      controllers: [IdentityController],
      providers: [
        { provide: LOGIN_LIBRARY, useValue: library },
        { provide: CallerResolver, useClass: SessionCallerResolver },
        AccountDirectory,
        Accounts,
        FirstOwner,
        MeService,
      ],
      exports: [CallerResolver, AccountDirectory, Accounts, FirstOwner, MeService, LOGIN_LIBRARY],
    };
  }
}
