import { Controller, Param } from '@nestjs/common';
import { type Catalog, type Lesson, type LessonId, lessonIdSchema } from '@lineage/contracts';
import { Endpoint } from '../../platform/http/index.ts';
import { CatalogService } from './catalog.service.ts';

/** What is taught, for everybody who is signed in. */
@Controller()
export class CatalogController {
  constructor(private readonly catalog: CatalogService) {}

  @Endpoint('getCatalog')
  get(): Catalog {
    return this.catalog.catalog();
  }

  @Endpoint('getLesson')
  lesson(@Param('lessonId', { schema: lessonIdSchema }) id: LessonId): Lesson {
    return this.catalog.lesson(id);
  }
}
