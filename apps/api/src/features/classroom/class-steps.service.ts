import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { CohortId, LessonId, Localized } from '@lineage/contracts';
import type { DataSource } from 'typeorm';
import { CatalogService } from '../catalog/index.ts';

/** When the classes of a cohort came to which step of a lesson. */
@Injectable()
export class ClassSteps {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly catalog: CatalogService,
  ) {}

  /** The newest `most` of them, in order of time; a step that the lesson has no more is left out. */
  async since(wanted: {
    cohortId: CohortId;
    lessonId: LessonId;
    since: Date;
    most: number;
  }): Promise<{ at: Date; title: Localized }[]> {
    const rows = await this.db.query<{ at: Date; step_id: string }[]>(
      `SELECT e.at, e.body ->> 'stepId' AS step_id FROM class_event e JOIN class_session s ON s.id = e.class_session_id
        WHERE s.cohort_id = $1 AND e.body ->> 'type' = 'class.step_moved' AND e.body ->> 'lessonId' = $2 AND e.at >= $3
        ORDER BY e.at DESC LIMIT $4`,
      [wanted.cohortId, wanted.lessonId, wanted.since, wanted.most],
    );
    const { steps } = this.catalog.lesson(wanted.lessonId);
    const titles = new Map(steps.map(({ id, title }) => [id as string, title]));
    return rows.toReversed().flatMap(({ at, step_id }) => {
      const title = titles.get(step_id);
      return title === undefined ? [] : [{ at, title }];
    });
  }
}
