import net from 'node:net';

export type Forward = {
  /** The other one's, with the forward's host and port. */
  readonly url: string;
  /** From now on nothing that is open carries a byte, and nobody is told: a cable that was pulled. */
  fallSilent(): void;
  /** Ends every connection that there is now. */
  cut(): void;
  close(): Promise<void>;
};

/** Another address of a server, for whoever cannot reach it, or whose connections are to break. */
export async function forward(host: string, url: string): Promise<Forward> {
  const to = new URL(url);
  const open = new Set<net.Socket>();
  const server = net.createServer((client) => {
    const backend = net.connect(Number(to.port), to.hostname);
    for (const socket of [client, backend]) {
      open.add(socket);
      socket.on('error', () => undefined);
      socket.once('close', () => {
        open.delete(socket);
        client.destroy();
        backend.destroy();
      });
    }
    client.pipe(backend).pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const from = new URL(url);
  from.hostname = host;
  from.port = String((server.address() as net.AddressInfo).port);
  const cut = (): void => {
    for (const socket of open) socket.destroy();
  };
  return {
    url: from.href,
    fallSilent: () => {
      for (const socket of open) socket.unpipe().pause();
    },
    cut,
    close: () =>
      new Promise((resolve) => {
        cut();
        server.close(() => resolve());
      }),
  };
}
