import type { TreeFile } from '@lineage/collab';
import type { GitPerson } from './git-objects.ts';
import type { BlameRun, Share } from './authorship.ts';
import type { ExportOrder } from './git-export.ts';

/** What a worker is asked, each with its answer. */
export type LogQuestions = {
  /** A stored state and the edits after it, for a player. */
  chunk: {
    ask: { workspaceId: string; epoch: number; from: number };
    answer: {
      state: Uint8Array;
      head: number;
      edits: { seq: number; at: number; accountId: string; update: Uint8Array }[];
    };
  };
  /** The files at a moment; `seq` is the last edit when that comes before. */
  tree: {
    ask: { workspaceId: string; epoch: number; seq: number };
    answer: { seq: number; files: TreeFile[] };
  };
  /** Whose each line of a file is; null when the epoch has no such file now. */
  blame: {
    ask: { workspaceId: string; epoch: number; fileId: string };
    answer: { seq: number; runs: BlameRun[] } | null;
  };
  shares: {
    ask: { workspaceId: string; epoch: number };
    answer: { seq: number; shares: Share[]; template: number };
  };
  export: {
    ask: Omit<ExportOrder, 'people'> & { people: [string, GitPerson][] };
    answer: Uint8Array;
  };
  /** Stores the state at `seq`, so that whoever loads the document replays nothing. */
  settle: {
    ask: { workspaceId: string; epoch: number; seq: number };
    answer: { seq: number };
  };
  /** The head moves only if what was replayed reads as `treeHash` and the fence still holds. */
  compact: {
    ask: { workspaceId: string; epoch: number; fence: number; seq: number; treeHash: string };
    answer: { held: boolean };
  };
};
export type LogQuestion = keyof LogQuestions;
export type LogAsk<Q extends LogQuestion> = LogQuestions[Q]['ask'];
export type LogAnswer<Q extends LogQuestion> = LogQuestions[Q]['answer'];

export type LogRequest = { [Q in LogQuestion]: { id: number; question: Q; ask: LogAsk<Q> } }[LogQuestion];
export type LogReply =
  { id: number; ok: true; answer: unknown } | { id: number; ok: false; tooLarge: boolean; problem: string };
