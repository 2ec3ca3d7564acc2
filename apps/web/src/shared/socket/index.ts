export { liveSocket } from './connection.ts';
export { closeSocket, retryNow, useConnectionState, type ConnectionState } from './connection-state.ts';
export { append, emptySequence, type Sequence, type Sequenced } from './sequence.ts';
export { useWatchClass } from './use-watch-class.ts';
export { useWatchDiagnostics, type CheckedText } from './use-watch-diagnostics.ts';
export { useRunPrinting } from './use-run-printing.ts';
export { useWatchRun, type WatchedRun } from './use-watch-run.ts';
export { useWatchWorkspace } from './use-watch-workspace.ts';
export type { WatchRefusal } from './watch.ts';
