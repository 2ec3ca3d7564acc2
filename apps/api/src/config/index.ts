export { CONFIG, ConfigModule } from './config.module.ts';
export { type Config, ConfigError, loadConfig, Secret } from './config.ts';
