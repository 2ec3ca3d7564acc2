export { CohortList } from './cohort-list.tsx';
export { CohortView } from './cohort-view.tsx';
export { NewCohort } from './new-cohort.tsx';
