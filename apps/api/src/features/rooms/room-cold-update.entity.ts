import { Entity } from 'typeorm';
import { RoomUpdateEntity } from './room-update.entity.ts';

/** An edit that no load needs any more, see ColdLog. With those of `room_update` it is the view `room_log`. */
@Entity('room_cold_update')
export class RoomColdUpdateEntity extends RoomUpdateEntity {}
