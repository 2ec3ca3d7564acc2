export { CatalogModule } from './catalog.module.ts';
export { type CatalogExercise, CatalogService } from './catalog.service.ts';
