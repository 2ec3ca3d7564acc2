export { addressOfItem, agendaOf, currentItem, type AgendaItem } from './agenda.ts';
export { ClassView } from './class-view.tsx';
export { FollowChip } from './follow-chip.tsx';
export { RunStateIcon } from './run-state-badge.tsx';
export { setFollowing, useFollowing } from './following.ts';
export { classQuery, useClassSession, type LiveClass } from './use-class-session.ts';
