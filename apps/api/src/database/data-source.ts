import {
  DataSource,
  type DataSourceOptions,
  DefaultNamingStrategy,
  type MixedList,
  type Table,
} from 'typeorm';
import type { Config } from '../config/index.ts';
import { connectionOptions } from './connection-options.ts';

/** Connections that this process may hold; the embedded server allows 60 in all. */
const POOL_SIZE = 20;

type EntityClass = new () => object;
type MigrationClass = new () => import('typeorm').MigrationInterface;

export type Schema = {
  readonly entities: readonly EntityClass[];
  readonly migrations: readonly MigrationClass[];
};

/** TypeORM options; the schema changes by migrations only. */
export function dataSourceOptions(config: Config, schema: Schema): DataSourceOptions {
  const url = config.database.url.reveal();
  return {
    type: 'postgres',
    url,
    entities: [...schema.entities] as MixedList<EntityClass>,
    migrations: [...schema.migrations] as MixedList<MigrationClass>,
    migrationsTableName: 'schema_migration',
    migrationsTransactionMode: 'each',
    synchronize: false,
    logging: false,
    namingStrategy: new SnakeNaming(),
    poolSize: POOL_SIZE,
    extra: connectionOptions(url),
  };
}

export const makeDataSource = (config: Config, schema: Schema): DataSource =>
  new DataSource(dataSourceOptions(config, schema));

const toSnake = (name: string): string => name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();

/** `lastSeq` is the column `last_seq`; tables are named by their entities, and their keys as PostgreSQL would. */
class SnakeNaming extends DefaultNamingStrategy {
  override columnName(propertyName: string, customName: string, prefixes: string[]): string {
    return customName || toSnake([...prefixes, propertyName].join('_'));
  }

  override primaryKeyName(table: Table | string): string {
    return `${this.getTableName(table)}_pkey`;
  }
}
