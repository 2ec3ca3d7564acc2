export { HistoryView } from './history-view.tsx';
