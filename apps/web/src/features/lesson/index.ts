export { LessonView } from './lesson-view.tsx';
export { markdownToHtml } from './markdown.ts';
