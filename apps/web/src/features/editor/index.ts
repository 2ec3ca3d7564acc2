export { isAmong, useRoomPaths } from './room/room-paths.ts';
export { RoomPeople } from './room-people.tsx';
export { SaveStateBadge } from './save-state-badge.tsx';
export type { WantedFile } from './tree/apply-tree.ts';
export type { LineAids } from './use-line-aids.ts';
export { WorkspaceEditor, type EditorHandle } from './workspace-editor.tsx';
