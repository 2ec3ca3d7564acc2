// A process that makes load: sockets in groups, on the orders of its parent.
import type { LoadAnswer, LoadOrder, LoadRequest, Received } from './load-messages.ts';
import { Readers } from './readers.ts';

const groups = new Map<string, Readers>();

async function carryOut(order: LoadOrder): Promise<Received | null> {
  if (order.do === 'read') {
    groups.set(order.group, await Readers.enter(order.places));
    return null;
  }
  const readers = groups.get(order.group);
  if (readers === undefined) throw new Error(`there is no group ${order.group}`);
  if (order.do === 'take') return readers.take();
  if (order.do === 'stall') readers.stall();
  else readers.leave();
  return null;
}

process.on('message', ({ id, order }: LoadRequest) => {
  carryOut(order).then(
    (received) => answer({ id, ok: true, received }),
    (err: unknown) => answer({ id, ok: false, problem: String(err) }),
  );
});
process.once('disconnect', () => process.exit());

const answer = (message: LoadAnswer): void => void process.send?.(message);
