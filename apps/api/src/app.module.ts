import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, Reflector } from '@nestjs/core';
import { StandardSchemaSerializerInterceptor } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { type Config, ConfigModule } from './config/index.ts';
import { dataSourceOptions } from './database/index.ts';
import { CatalogModule } from './features/catalog/index.ts';
import { ClassroomModule } from './features/classroom/index.ts';
import { CohortsModule } from './features/cohorts/index.ts';
import { DemoModule } from './features/demo/index.ts';
import { HistoryModule } from './features/history/index.ts';
import { IdentityModule, type LoginLibrary } from './features/identity/index.ts';
import { OperationsModule } from './features/operations/index.ts';
import { ProcessesModule } from './features/processes/index.ts';
import { ProfilesModule } from './features/profiles/index.ts';
import { RoomsModule } from './features/rooms/index.ts';
import { RunsModule } from './features/runs/index.ts';
import { WorkspacesModule } from './features/workspaces/index.ts';
import { SessionGuard } from './platform/auth/index.ts';
import { ProblemFilter } from './platform/errors/index.ts';
import { PlatformModule } from './platform/platform.module.ts';
import { schema } from './schema.ts';

@Module({})
export class AppModule {
  static of(config: Config, library: LoginLibrary): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.of(config),
        TypeOrmModule.forRoot({ ...dataSourceOptions(config, schema), retryAttempts: 0 }),
        PlatformModule,
        ProcessesModule,
        IdentityModule.of(library),
        CatalogModule,
        CohortsModule,
        WorkspacesModule,
        RoomsModule,
        RunsModule,
        ProfilesModule,
        ClassroomModule,
        HistoryModule,
        OperationsModule,
        ...(config.identity.demo ? [DemoModule] : []),
      ],
      providers: [
        { provide: APP_FILTER, useClass: ProblemFilter },
        { provide: APP_GUARD, useClass: SessionGuard },
        {
          provide: APP_INTERCEPTOR,
          useFactory: (reflector: Reflector) => new StandardSchemaSerializerInterceptor(reflector),
          inject: [Reflector],
        },
      ],
    };
  }
}
