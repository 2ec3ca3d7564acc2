export { OperationsView } from './operations-view.tsx';
export { operationsTexts } from './texts.ts';
