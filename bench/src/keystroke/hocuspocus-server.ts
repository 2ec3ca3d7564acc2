// The peer's server, in a process of its own: rooms in memory, no storage. Says its port to its parent.
import { Server } from '@hocuspocus/server';

const server = new Server({ port: 0, address: '127.0.0.1', quiet: true });
await server.listen();
process.send?.({ port: server.address.port });
process.once('disconnect', () => process.exit());
