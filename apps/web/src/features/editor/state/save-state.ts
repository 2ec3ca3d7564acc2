import type { RoomView } from '../room/room-connection.ts';

/** What the badge says. `notSaved` always has a reason and a moment. */
export type SaveState =
  | { readonly kind: 'saved' | 'saving' | 'readOnly' | 'connecting' | 'stopped' }
  | { readonly kind: 'reconnecting'; readonly inSeconds: number | null }
  | {
      readonly kind: 'notSaved';
      readonly why: 'offline' | 'storage' | 'slow' | 'stopped' | 'lost';
      readonly since: number | null;
    };

/** An acknowledgement takes tens of milliseconds; one that takes this long is worth a word. */
export const SLOW_MS = 4_000;

/** From acknowledgements and the connection alone: never from what was merely sent. */
export function saveStateOf(
  view: Pick<RoomView, 'session' | 'retryAt' | 'stopped' | 'lost'>,
  now: number,
): SaveState {
  const { session, retryAt, stopped, lost } = view;
  const since = session.unsavedSince;
  if (lost !== null) return { kind: 'notSaved', why: 'lost', since };
  if (stopped !== null)
    return session.saved ? { kind: 'stopped' } : { kind: 'notSaved', why: 'stopped', since };
  if (!session.saved) {
    if (!session.connected) return { kind: 'notSaved', why: 'offline', since };
    if (!session.storageOk) return { kind: 'notSaved', why: 'storage', since };
    return now - (since ?? now) >= SLOW_MS ? { kind: 'notSaved', why: 'slow', since } : { kind: 'saving' };
  }
  if (!session.connected) {
    if (session.epoch === null && retryAt === null) return { kind: 'connecting' };
    return {
      kind: 'reconnecting',
      inSeconds: retryAt === null ? null : Math.max(0, Math.ceil((retryAt - now) / 1000)),
    };
  }
  if (!session.synced) return { kind: 'connecting' };
  return { kind: canWrite(session.role) ? 'saved' : 'readOnly' };
}

/** A role the server has not told yet may not write. */
export const canWrite = (role: string | null): boolean => role === 'driver' || role === 'lead';
