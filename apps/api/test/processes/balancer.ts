import net from 'node:net';

/** A backend that does not take a connection within this is passed over. */
const CONNECT_MS = 500;

export type Balancer = { readonly url: string; close(): Promise<void> };

/** A plain TCP balancer: in turn, to whoever takes the connection, without a thought of who comes from where. */
export async function startBalancer(ports: () => readonly number[]): Promise<Balancer> {
  let turn = 0;
  const open = new Set<net.Socket>();
  const server = net.createServer((client) => {
    open.add(client);
    client.once('close', () => open.delete(client));
    client.on('error', () => client.destroy());
    const all = ports();
    const order = all.map((_, at) => all[(turn + at) % all.length] as number);
    turn += 1;
    connect(client, order);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as net.AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        for (const socket of open) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

function connect(client: net.Socket, [port, ...others]: readonly number[]): void {
  if (port === undefined) return void client.destroy();
  const backend = net.connect(port, '127.0.0.1');
  let connected = false;
  const timer = setTimeout(() => backend.destroy(new Error('it does not answer')), CONNECT_MS);
  backend.once('connect', () => {
    connected = true;
    clearTimeout(timer);
    client.pipe(backend).pipe(client);
  });
  backend.on('error', () => undefined);
  backend.once('close', () => {
    clearTimeout(timer);
    if (connected) client.destroy();
    else connect(client, others);
  });
  client.once('close', () => backend.destroy());
}
