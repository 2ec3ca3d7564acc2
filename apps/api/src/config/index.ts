export { CONFIG, ConfigModule } from './config.module.ts';
export { type Config, ConfigError, type KubernetesConfig, loadConfig, Secret } from './config.ts';
