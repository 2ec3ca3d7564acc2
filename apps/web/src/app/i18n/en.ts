import { classMessages } from '../../features/class/messages/en.ts';
import { cohortMessages } from '../../features/cohort/messages/en.ts';
import { messages as editorMessages } from '../../features/editor/messages/en.ts';
import { lessonMessages } from '../../features/lesson/messages/en.ts';
import { en as runsMessages } from '../../features/runs/messages/en.ts';
import { todayMessages } from '../../features/today/messages/en.ts';
import { welcomeMessages } from '../../features/welcome/messages/en.ts';
import { frameMessages } from './frame.en.ts';

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
