export { ProfileView } from './profile-view.tsx';
export { readHeat, type LineHeat } from './read-heat.ts';
export { LiveHeat } from './windows/live-heat.ts';
export { LiveProfile } from './windows/live-profile.tsx';
export type { ProfileWindow } from './windows/window-choice.ts';
