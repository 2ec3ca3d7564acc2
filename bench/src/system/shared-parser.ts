import { EventEmitter } from 'node:events';

type Packet = { readonly type: number; readonly nsp: string; readonly id?: number; readonly data?: unknown };

const EVENT = '2';
/** Messages that many viewers are about to read are the newest ones. */
const KEPT_MESSAGES = 64;
const kept = new Map<string, unknown>();

/**
 * The parser of socket.io (protocol 5, text, one namespace), for many viewers in one process: each browser reads a message
 * once, so a message that all of them get is read once here too. Give it as `parser` to a client.
 */
export const sharedParser: { readonly Encoder: new () => object; readonly Decoder: new () => object } = {
  Encoder: class {
    encode({ type, id, data }: Packet): [string] {
      return [`${type}${id ?? ''}${data === undefined ? '' : JSON.stringify(data)}`];
    }
  },
  Decoder: class extends EventEmitter {
    /** @throws Error when it is no message of the protocol */
    add(message: unknown): void {
      const head = typeof message === 'string' ? /^([0-4])(\d*)/.exec(message) : null;
      if (head === null) throw new Error('a message of another kind came');
      const [whole, type, id] = head;
      const text = (message as string).slice(whole.length);
      // An answer is its asker's own: the client writes into it.
      const parse = type === EVENT ? read : JSON.parse;
      this.emit('decoded', {
        type: Number(type),
        nsp: '/',
        ...(id === '' ? {} : { id: Number(id) }),
        ...(text === '' ? {} : { data: parse(text) as unknown }),
      } satisfies Packet);
    }

    destroy(): void {}
  },
};

function read(text: string): unknown {
  const known = kept.get(text);
  if (known !== undefined) return known;
  const data: unknown = JSON.parse(text);
  const [oldest] = kept.keys();
  if (oldest !== undefined && kept.size >= KEPT_MESSAGES) kept.delete(oldest);
  kept.set(text, data);
  return data;
}
