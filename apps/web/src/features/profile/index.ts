export { readHeat, type LineHeat } from './read-heat.ts';
export { ProfileView } from './profile-view.tsx';
