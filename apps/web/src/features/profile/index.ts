export { profileMessages } from './messages/index.ts';
export { ProfileView } from './profile-view.tsx';
