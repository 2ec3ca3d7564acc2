export { RunControls } from './run-controls.tsx';
export { RunDock } from './run-dock.tsx';
export { useWorkspaceRuns } from './use-workspace-runs.ts';
