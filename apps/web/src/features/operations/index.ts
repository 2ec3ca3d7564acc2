export { RunnerOverviewView } from './runner-overview-view.tsx';
export { operationsTexts } from './texts.ts';
