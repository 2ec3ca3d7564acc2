import type { Artifact, Me, Run, Workspace, WorkspaceId } from '@lineage/contracts';
import type { ComponentType, ReactNode } from 'react';
import { registerMessages, type FeatureMessages } from '../../shared/i18n/index.ts';
import type { LineDiagnostic } from './run-diagnostics.ts';
import type { Reveal } from './use-reveal.ts';

/** What the page asks of the editor when a run starts or a line is to be shown. */
export type EditorHandle = {
  /** Sends what is typed; the number of the last frame, for a run to wait on. */
  flush(): { connectionId: string | null; lastFrame: number | null };
  focus(): void;
  /** Shows a line to everybody in the room. */
  revealForAll(file: string, line: number): void;
};

/** A line's part of a profile, 0..1. */
export type LineHeat = { readonly file: string; readonly line: number; readonly share: number };

/** What the page takes from `features/editor`. */
export type EditorPart = {
  WorkspaceEditor: ComponentType<{
    workspace: Workspace;
    me: Me;
    reveal: Reveal | null;
    onReveal?: () => void;
    heat?: LineHeat[];
    onCursor?: (at: { file: string; line: number }) => void;
    diagnostics?: LineDiagnostic[];
    handle: (handle: EditorHandle) => void;
  }>;
  SaveStateBadge: ComponentType;
  RoomPeople: ComponentType;
  editorMessages: FeatureMessages;
};

/** What the page takes from `features/runs`. */
export type RunsPart = {
  RunControls: ComponentType<{
    workspace: Workspace;
    editor: EditorHandle | null;
    currentRunId: string | null;
    onRunStarted: (runId: string) => void;
  }>;
  RunDock: ComponentType<{
    workspace: Workspace;
    runId: string | null;
    tab: string | undefined;
    onTab: (tab: string) => void;
    /** Null goes back to whichever run is the latest. */
    onChooseRun: (runId: string | null) => void;
    onOpenSource: (file: string, line: number) => void;
    renderProfile: (artifact: Artifact) => ReactNode;
  }>;
  /** The workspace's runs, latest first, kept true while the page is open. */
  useWorkspaceRuns: (workspaceId: WorkspaceId) => { readonly runs: readonly Run[] };
  runsMessages: FeatureMessages;
};

/** What the pages take from `features/profile`. */
export type ProfilePart = {
  ProfileView: ComponentType<{ artifact: Artifact; onOpenSource?: (file: string, line: number) => void }>;
  profileMessages: FeatureMessages;
};

const features = import.meta.glob('../../features/{editor,runs,profile}/index.ts');

async function load<Part>(name: string, hasAll: (found: object) => found is Part & object): Promise<Part> {
  const found = await features[`../../features/${name}/index.ts`]?.();
  if (typeof found !== 'object' || found === null || !hasAll(found))
    throw new Error(`This build has no features/${name}, or one that lacks a part.`);
  return found;
}

/** The editor, its texts registered. */
export async function loadEditor(): Promise<EditorPart> {
  const part = await load(
    'editor',
    (found): found is EditorPart => 'WorkspaceEditor' in found && 'editorMessages' in found,
  );
  registerMessages('editor', part.editorMessages);
  return part;
}

/** Runs, their texts registered. */
export async function loadRuns(): Promise<RunsPart> {
  const part = await load(
    'runs',
    (found): found is RunsPart => 'RunDock' in found && 'runsMessages' in found,
  );
  registerMessages('runs', part.runsMessages);
  return part;
}

/** Profiles, their texts registered. */
export async function loadProfile(): Promise<ProfilePart> {
  const part = await load(
    'profile',
    (found): found is ProfilePart => 'ProfileView' in found && 'profileMessages' in found,
  );
  registerMessages('profile', part.profileMessages);
  return part;
}
