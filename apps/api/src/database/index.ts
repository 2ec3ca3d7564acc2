export { dataSourceOptions, makeDataSource, type Schema } from './data-source.ts';
export { lostClientSettings } from './lost-clients.ts';
export { migrate } from './migrate.ts';
export { PreparedStatement } from './prepared.ts';
