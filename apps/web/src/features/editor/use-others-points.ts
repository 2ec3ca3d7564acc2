import type { FileEntry, RoomPerson } from '@lineage/collab';
import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { useTranslation } from '../../shared/i18n/index.ts';
import { announce } from '../../shared/ui/index.ts';
import type { Jump } from './file-editor.tsx';
import { followedNow } from './room/following.ts';

export type Pointed = { readonly name: string; readonly jump: Jump };

/** Long enough to read and press; then it is old news. */
const SHOWN_MS = 10_000;

type Page = {
  onJump: (jump: Jump) => void;
  /** Whether a line is on the screen. */
  isInSight: (fileId: string, line: number) => boolean;
};

/**
 * Lines that others point at. Whoever is followed takes the page along; anybody else's is offered when it is out of
 * sight, never forced on somebody who types. Each is said once.
 */
export function useOthersPoints(
  people: ReadonlyMap<number, RoomPerson>,
  files: readonly FileEntry[],
  { onJump, isInSight }: Page,
): { latest: Pointed | null; show: () => void } {
  const { t } = useTranslation('editor');
  const seen = useRef(new Map<number, number | null>());
  const [latest, setLatest] = useState<Pointed | null>(null);
  const take = useEffectEvent((person: RoomPerson) => {
    if (person.point === null) return;
    const { file, line } = person.point;
    const path = files.find(({ id }) => id === file)?.path;
    if (path === undefined) return;
    const { name, id } = person.user;
    const jump = { fileId: file, line, hue: person.user.colour };
    announce(t('pointed', { name, path, line }));
    if (followedNow() === id) onJump(jump);
    else setLatest(isInSight(file, line) ? null : { name, jump });
  });
  useEffect(() => {
    for (const [clientId, person] of people) {
      const nonce = person.point?.nonce ?? null;
      const before = seen.current.get(clientId);
      seen.current.set(clientId, nonce);
      // Who is new here may have pointed long ago.
      if (before !== undefined && nonce !== null && nonce !== before) take(person);
    }
  }, [people]);
  useEffect(() => {
    if (latest === null) return;
    const timer = setTimeout(() => setLatest(null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [latest]);
  const show = (): void => {
    if (latest !== null) onJump(latest.jump);
    setLatest(null);
  };
  return { latest, show };
}
