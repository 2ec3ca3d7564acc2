import { classMessages } from '../../features/class/messages/zh-cn.ts';
import { cohortMessages } from '../../features/cohort/messages/zh-cn.ts';
import { messages as editorMessages } from '../../features/editor/messages/zh-cn.ts';
import { lessonMessages } from '../../features/lesson/messages/zh-cn.ts';
import { zhCn as runsMessages } from '../../features/runs/messages/zh-cn.ts';
import { todayMessages } from '../../features/today/messages/zh-cn.ts';
import { welcomeMessages } from '../../features/welcome/messages/zh-cn.ts';
import { frameMessages } from './frame.zh-cn.ts';

/** Every text that is there from the start. Keys of the parts do not overlap; a test holds that. */
export const parts = [
  frameMessages,
  welcomeMessages,
  todayMessages,
  cohortMessages,
  classMessages,
  lessonMessages,
];
export const messages = {
  ...frameMessages,
  ...welcomeMessages,
  ...todayMessages,
  ...cohortMessages,
  ...classMessages,
  ...lessonMessages,
};
/** The same with the texts of the features that have a namespace of their own. */
export const catalogue = {
  app: messages,
  editor: editorMessages,
  runs: runsMessages,
};
