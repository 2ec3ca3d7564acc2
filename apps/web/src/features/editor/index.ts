export { editorMessages } from './messages/index.ts';
export { RoomPeople } from './room-people.tsx';
export { SaveStateBadge } from './save-state-badge.tsx';
export { WorkspaceEditor } from './workspace-editor.tsx';
