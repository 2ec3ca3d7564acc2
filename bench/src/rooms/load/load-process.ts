// A process that makes load: sockets in groups, on the orders of its parent.
import { connectAnyhow } from './connect.ts';
import type { LoadAnswer, LoadOrder, LoadRequest, Received } from './load-messages.ts';
import { People } from './people.ts';
import type { Place } from './protocols.ts';
import { Readers } from './readers.ts';
import { Returners } from './returners.ts';
import { Typists } from './typists.ts';

type Group = Readers | People | Typists | Returners;
const groups = new Map<string, Group>();

async function carryOut(order: LoadOrder): Promise<Received | null> {
  switch (order.do) {
    case 'read':
      return enter(order.group, Readers.enter(order.places));
    case 'meet':
      return enter(order.group, People.enter(order.places));
    case 'sit':
      return enter(order.group, Typists.enter(order.places));
    case 'return':
      return enter(order.group, Returners.enter(order.places));
    case 'storm':
      return storm(order.places);
    case 'take':
      return find<Readers | People>(order.group, Readers, People).take();
    case 'type':
      return find(order.group, Typists).type(order.durationMs, order.perSecond);
    case 'count': {
      const { synced, tries, refused } = find(order.group, Returners).count();
      return { ...nothing, edits: synced, messages: tries, closed: refused };
    }
    case 'stall':
      find<Readers | People>(order.group, Readers, People).stall();
      return null;
    case 'move':
      find(order.group, People).move();
      return null;
    case 'rest':
      find(order.group, People).rest();
      return null;
    case 'leave':
      groups.get(order.group)?.leave();
      groups.delete(order.group);
      return null;
  }
}

async function enter(name: string, entering: Promise<Group>): Promise<null> {
  groups.set(name, await entering);
  return null;
}

const nothing: Received = {
  edits: 0,
  agesMs: new Float64Array(),
  messages: 0,
  bytes: 0,
  pings: 0,
  closed: 0,
};

async function storm(places: readonly Place[]): Promise<Received> {
  const beganAt = performance.now();
  const came = await Promise.all(
    places.map(async (place) => {
      const connected = await connectAnyhow(place);
      return { ...connected, ageMs: performance.now() - beganAt };
    }),
  );
  for (const { socket } of came) socket.terminate();
  return {
    ...nothing,
    edits: came.length,
    messages: came.reduce((sum, { tries }) => sum + tries, 0),
    agesMs: Float64Array.from(came, ({ ageMs }) => ageMs),
    bytes: came.reduce((sum, { state }) => sum + state.length, 0),
  };
}

function find<G extends Group>(name: string, ...kinds: (abstract new (...args: never[]) => G)[]): G {
  const group = groups.get(name);
  const kind = kinds.find((one) => group instanceof one);
  if (kind === undefined) throw new Error(`there is no such group: ${name}`);
  return group as G;
}

process.on('message', ({ id, order }: LoadRequest) => {
  carryOut(order).then(
    (received) => answer({ id, ok: true, received }),
    (err: unknown) => answer({ id, ok: false, problem: String(err) }),
  );
});
process.once('disconnect', () => process.exit());

const answer = (message: LoadAnswer): void => void process.send?.(message);
