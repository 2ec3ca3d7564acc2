export { tellCaretLine } from './caret-line.ts';
export { RunControls } from './run-controls.tsx';
export { RunDock } from './run-dock.tsx';
export { useLineCoverage } from './use-line-coverage.ts';
export { useLineRemarks } from './use-line-remarks.ts';
export { testRequest, useStartRun } from './use-start-run.ts';
export { useWorkspaceRuns } from './use-workspace-runs.ts';
