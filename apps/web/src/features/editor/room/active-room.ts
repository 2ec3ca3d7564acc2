import type { RoomPerson } from '@lineage/collab';
import type { Person, Workspace, WorkspaceId } from '@lineage/contracts';
import { useSyncExternalStore } from 'react';
import type * as Y from 'yjs';
import { follow } from './following.ts';
import { Palette } from './palette.ts';
import { RoomConnection, type RoomView } from './room-connection.ts';

/** The room of the page: one at a time, shared by the editor, the save badge and the list of people. */
type ActiveRoom = {
  readonly connection: RoomConnection;
  readonly users: number;
  readonly palette: Palette;
  /** The group, here or not. */
  readonly members: readonly Person[];
};

let active: ActiveRoom | null = null;
let view: RoomView | null = null;
/** Rooms the page has left while edits were not durable: they stay connected until those are. */
const parked = new Map<WorkspaceId, RoomConnection>();
const listeners = new Set<() => void>();

const notify = (): void => {
  for (const listener of listeners) listener();
};
const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** Joins the workspace's room, leaving another one; returns the way out. */
export function enterRoom(
  { id: workspaceId, members }: Pick<Workspace, 'id' | 'members'>,
  me: Person,
): { connection: RoomConnection; leave: () => void } {
  if (active !== null && active.connection.workspaceId !== workspaceId) leaveActive();
  const connection = active?.connection ?? parked.get(workspaceId) ?? connect(workspaceId, me.id);
  parked.delete(workspaceId);
  active = { connection, users: (active?.users ?? 0) + 1, palette: new Palette([...members, me]), members };
  setView(connection.view);
  return { connection, leave: () => leaveRoom(connection) };
}

function connect(workspaceId: WorkspaceId, accountId: string): RoomConnection {
  return new RoomConnection(workspaceId, addressOf(workspaceId), accountId, (next) => {
    if (active?.connection.workspaceId === workspaceId) setView(next);
    else endIfSaved(workspaceId);
    guardUnload();
  });
}

function leaveRoom(connection: RoomConnection): void {
  if (active?.connection !== connection) return;
  active = { ...active, users: active.users - 1 };
  // React mounts twice in development; a room that is re-entered at once stays.
  queueMicrotask(() => {
    if (active?.connection === connection && active.users === 0) leaveActive();
  });
}

function leaveActive(): void {
  const left = active?.connection;
  active = null;
  view = null;
  follow(null);
  if (left !== undefined) {
    left.session.presence.tell({ cursor: null, point: null, top: null, follows: null });
    parked.set(left.workspaceId, left);
    endIfSaved(left.workspaceId);
  }
  guardUnload();
  notify();
}

function endIfSaved(workspaceId: WorkspaceId): void {
  const connection = parked.get(workspaceId);
  if (connection === undefined || isUnsaved(connection)) return;
  parked.delete(workspaceId);
  connection.end();
}

const isUnsaved = ({ view: { session, lost } }: RoomConnection): boolean => !session.saved || lost !== null;

const warn = (event: BeforeUnloadEvent): void => event.preventDefault();

/** The browser asks before the page is closed with edits that are nowhere else. */
function guardUnload(): void {
  const connections = [...parked.values(), ...(active === null ? [] : [active.connection])];
  if (connections.some(isUnsaved)) window.addEventListener('beforeunload', warn);
  else window.removeEventListener('beforeunload', warn);
}

function setView(next: RoomView): void {
  view = active === null ? next : { ...next, people: active.palette.apply(next.people) };
  notify();
}

function addressOf(workspaceId: WorkspaceId): string {
  const { protocol, host } = location;
  return `${protocol === 'https:' ? 'wss' : 'ws'}://${host}/collab/${workspaceId}`;
}

/** A person with the colour that they have in this room. */
export const inRoomColour = <Someone extends Person>(person: Someone): Someone =>
  active?.palette.paint(person) ?? person;

export const activeConnection = (): RoomConnection | null => active?.connection ?? null;

const nobody: readonly Person[] = [];
/** The group that the page's room belongs to, here or not. */
export const useMembers = (): readonly Person[] =>
  useSyncExternalStore(subscribe, () => active?.members ?? nobody);

/** The room as it is now; null when the page shows no workspace. */
export const useRoomView = (): RoomView | null => useSyncExternalStore(subscribe, () => view);

/** The document of that room: a change of what is saved or of who is there is none of it. */
export const useRoomDoc = (): Y.Doc | null => useSyncExternalStore(subscribe, () => view?.doc ?? null);

/** One row for each account in the room: somebody with two tabs is one person. */
export function peopleByAccount(people: ReadonlyMap<number, RoomPerson>): RoomPerson[] {
  const byAccount = new Map<string, RoomPerson>();
  for (const person of people.values())
    if (!byAccount.has(person.user.id)) byAccount.set(person.user.id, person);
  return [...byAccount.values()].sort((a, b) => a.user.name.localeCompare(b.user.name));
}
