import {
  classCardSchema,
  classPeopleSchema,
  classSessionIdSchema,
  type ClassEvent,
  type GroupCard,
  type PresentPerson,
} from '@lineage/contracts';
import { useEffect, useEffectEvent, useState } from 'react';
import { readClassEvents } from './class-events.ts';
import { liveSocket } from './connection.ts';
import { watchStream, type WatchRefusal } from './watch.ts';

type Handlers = {
  /** The last sequence number that is known; asked at each (re)subscription. */
  lastSeq: () => number;
  /** Null where something happened that this page does not know: read the session again. */
  onEvents: (events: readonly ClassEvent[] | null) => void;
  onCard: (card: GroupCard) => void;
  onPeople: (people: readonly PresentPerson[]) => void;
  /** The watch stands again after a lost connection: cards and people have no log, so read them again. */
  onWatching: () => void;
};

/** Follows a class session: its log, its group cards, and who is here. Being present is watching. Null watches nothing. */
export function useWatchClass(classSessionId: string | null, handlers: Handlers): WatchRefusal | null {
  const [refusal, setRefusal] = useState<WatchRefusal | null>(null);
  const lastSeq = useEffectEvent(handlers.lastSeq);
  const onEvents = useEffectEvent(handlers.onEvents);
  const onCard = useEffectEvent(handlers.onCard);
  const onPeople = useEffectEvent(handlers.onPeople);
  const onWatching = useEffectEvent(handlers.onWatching);
  useEffect(() => {
    if (classSessionId === null) return undefined;
    const id = classSessionIdSchema.parse(classSessionId);
    const socket = liveSocket();
    const hearEvents = (message: unknown): void => {
      const heard = readClassEvents(message);
      if (heard?.classSessionId === id) onEvents(heard.events);
    };
    const hearCard = (message: unknown): void => {
      const parsed = classCardSchema.safeParse(message);
      if (parsed.success && parsed.data.classSessionId === id) onCard(parsed.data.card);
    };
    const hearPeople = (message: unknown): void => {
      const parsed = classPeopleSchema.safeParse(message);
      if (parsed.success && parsed.data.classSessionId === id) onPeople(parsed.data.people);
    };
    socket.on('class.events', hearEvents);
    socket.on('class.card', hearCard);
    socket.on('class.people', hearPeople);
    const watch = watchStream({
      request: () => ({ stream: 'class', id, after: lastSeq() }),
      onWatching: () => {
        setRefusal(null);
        onWatching();
      },
      onRefused: setRefusal,
    });
    return () => {
      socket.off('class.events', hearEvents);
      socket.off('class.card', hearCard);
      socket.off('class.people', hearPeople);
      watch.stop();
    };
  }, [classSessionId]);
  return refusal;
}
