import { Injectable, type OnModuleInit } from '@nestjs/common';
import { MOST_ROOMS_SHOWN, type RoomsOverview, roomsOverviewSchema } from '@lineage/contracts';
import { type Caller, may } from '@lineage/domain';
import type { Counter } from 'prom-client';
import { notFound } from '../../platform/errors/index.ts';
import { log } from '../../platform/logging/index.ts';
import { ApiProcesses, type Peer, Peers } from '../processes/index.ts';
import { relayNames } from './relay/relay-contract.ts';
import { RoomRelay } from './relay/room-relay.ts';
import { closes, queuedEdits, recentCommits, refusals } from './room-metrics.ts';
import type { Room } from './room.ts';
import { Rooms } from './rooms.service.ts';
import { UpdateLogWriter } from './update-log.writer.ts';

/** What operators see of rooms, on every process. Nothing of it says who is in one. */
@Injectable()
export class RoomsOverviewService implements OnModuleInit {
  constructor(
    private readonly rooms: Rooms,
    private readonly relay: RoomRelay,
    private readonly writer: UpdateLogWriter,
    private readonly processes: ApiProcesses,
    private readonly peers: Peers,
  ) {}

  onModuleInit(): void {
    this.peers.answer(relayNames.overview, () => this.#here());
  }

  /** @throws DomainError not_found for everybody but operators and owners */
  async get(caller: Caller): Promise<RoomsOverview> {
    if (!may(caller, 'read', 'Operations', {})) throw notFound('page');
    const others = await this.processes.others();
    const [here, ...there] = await Promise.all([this.#here(), ...others.map((peer) => this.#askPeer(peer))]);
    const all = [
      { ...here, processes: here.processes.map((one) => ({ ...one, isThis: true })) },
      ...there.flatMap((one) => one ?? []),
    ];
    return {
      processes: all.flatMap(({ processes }) => processes),
      rooms: all.flatMap(({ rooms }) => rooms).toSorted((a, b) => b.sockets - a.sockets),
    };
  }

  async #askPeer(peer: Peer): Promise<RoomsOverview | null> {
    try {
      return roomsOverviewSchema.parse(await this.peers.call(peer, relayNames.overview, null));
    } catch (err) {
      // It ends just now, perhaps; the page says who answered.
      log.warn({ err, address: peer.address }, 'another process did not tell of its rooms');
      return null;
    }
  }

  async #here(): Promise<RoomsOverview> {
    const rooms: Room[] = [];
    await this.rooms.eachRoom((room) => rooms.push(room));
    const { address } = this.processes;
    const sockets = rooms.reduce((sum, room) => sum + directSockets(room), 0) + this.relay.size;
    const [refused, closed, queued] = await Promise.all([
      countsOf(refusals),
      countsOf(closes),
      queuedEdits.get(),
    ]);
    return {
      processes: [
        {
          address,
          isThis: false,
          storageOk: this.writer.storageOk,
          rooms: rooms.length,
          sockets,
          relayed: this.relay.size,
          queued: queued.values[0]?.value ?? 0,
          commits: recentCommits.view(),
          refused,
          closed,
        },
      ],
      rooms: rooms
        .map((room) => ({
          workspaceId: room.workspace.id,
          holder: address,
          sockets: room.members.size,
          relayed: room.members.size - directSockets(room),
          queued: room.queued,
          sinceSnapshot: room.seq - room.snapshotSeq,
          lastEditAt: room.lastEditAt?.toISOString() ?? null,
        }))
        .toSorted((a, b) => b.sockets - a.sockets)
        .slice(0, MOST_ROOMS_SHOWN),
    };
  }
}

const directSockets = (room: Room): number => [...room.members].filter(({ isRelayed }) => !isRelayed).length;

async function countsOf(counter: Counter<'reason'>): Promise<Record<string, number>> {
  const { values } = await counter.get();
  return Object.fromEntries(values.map(({ labels, value }) => [String(labels.reason), value]));
}
