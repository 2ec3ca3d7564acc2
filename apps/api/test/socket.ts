import type {
  ClassEvent,
  ClientToServerEvents,
  GroupCard,
  PresentPerson,
  RunEvent,
  ServerToClientEvents,
  Unwatch,
  WatchReply,
} from '@lineage/contracts';
import { io, type Socket } from 'socket.io-client';

export type TestSocket = {
  readonly io: Socket<ServerToClientEvents, ClientToServerEvents>;
  /** Everything that was heard, in order. */
  readonly heard: {
    classEvents: ClassEvent[];
    runEvents: RunEvent[];
    cards: GroupCard[];
    people: PresentPerson[][];
  };
  /** Sends any message as a watch; what the contract does not allow is for the server to refuse. */
  watch(request: unknown): Promise<WatchReply>;
  unwatch(request: Unwatch): Promise<WatchReply>;
};

/** A socket as the web client opens it. Rejects with the server's refusal. */
export async function connect(url: string, cookie: string | null, origin = url): Promise<TestSocket> {
  const socket: TestSocket['io'] = io(url, {
    path: '/socket.io',
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
    extraHeaders: { origin, ...(cookie === null ? {} : { cookie }) },
  });
  const heard: TestSocket['heard'] = { classEvents: [], runEvents: [], cards: [], people: [] };
  socket.on('class.events', ({ events }) => heard.classEvents.push(...events));
  socket.on('run.events', ({ events }) => heard.runEvents.push(...events));
  socket.on('class.card', ({ card }) => heard.cards.push(card));
  socket.on('class.people', ({ people }) => heard.people.push(people));
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', (error) => {
      socket.close();
      reject(error);
    });
  });
  return {
    io: socket,
    heard,
    watch: (request) => socket.emitWithAck('watch', request as Parameters<ClientToServerEvents['watch']>[0]),
    unwatch: (request) => socket.emitWithAck('unwatch', request),
  };
}
