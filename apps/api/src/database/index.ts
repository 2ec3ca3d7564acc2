export { connectionOptions } from './connection-options.ts';
export { dataSourceOptions, makeDataSource, type Schema } from './data-source.ts';
export { migrate } from './migrate.ts';
export { PreparedStatement } from './prepared.ts';
