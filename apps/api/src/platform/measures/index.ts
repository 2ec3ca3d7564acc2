export { RecentTimes } from './recent-times.ts';
