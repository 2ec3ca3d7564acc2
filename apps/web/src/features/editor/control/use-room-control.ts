import type { RoomCommand } from '@lineage/contracts';
import type { RoomControl } from '@lineage/collab';
import { useMe, useCommand, type ApiError } from '../../../shared/api/index.ts';
import { activeConnection, peopleByAccount, useMembers } from '../room/active-room.ts';
import type { RoomView } from '../room/room-connection.ts';
import type { Onlooker } from './control-offer.ts';

export type RoomControls = {
  readonly control: RoomControl;
  readonly me: Onlooker;
  /** Accounts in the room that may drive, oneself included. */
  readonly drivers: readonly string[];
  /** The name of an account of the room, here or not; null for a stranger. */
  nameOf(id: string): string | null;
  send(command: RoomCommand): void;
  readonly isBusy: boolean;
  readonly error: ApiError | null;
};

/** Who drives in the page's room, and how to change it. Null until the server said what one is. */
export function useRoomControl(room: RoomView): RoomControls | null {
  const account = useMe()?.account;
  const members = useMembers();
  const command = useCommand('commandRoom');
  const { control, role } = room.session;
  if (account === undefined || role === null) return null;
  const others = peopleByAccount(room.people).map(({ user }) => user);
  const names = new Map([...members, ...others, account].map(({ id, name }) => [id as string, name]));
  const drivers = [{ id: account.id, role }, ...others].filter(
    (person) => person.role === 'driver' || person.role === 'navigator',
  );
  return {
    control,
    me: { id: account.id, role },
    drivers: [...new Set(drivers.map(({ id }) => id as string))],
    nameOf: (id) => names.get(id) ?? null,
    send: (body) => {
      const workspaceId = activeConnection()?.workspaceId;
      if (workspaceId !== undefined) command.mutate({ params: { workspaceId }, body });
    },
    isBusy: command.isPending,
    error: command.error,
  };
}
