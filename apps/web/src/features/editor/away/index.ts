export { LostDialog } from './lost-dialog.tsx';
export { MeanwhileNotice } from './meanwhile-notice.tsx';
