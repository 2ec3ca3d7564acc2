export { CurriculumError } from './curriculum-error.ts';
export {
  type Curriculum,
  type CurriculumChapter,
  type CurriculumLesson,
  loadCurriculum,
} from './load-curriculum.ts';
export { type ExerciseFile } from './read-files.ts';
