import { browserUnsavedStore } from './unsaved-store.ts';
import { UnsavedKeeper } from './unsaved-keeper.ts';

/** A keeper in this browser. Loaded after the room stands, or with the first edit; nothing on the screen waits for it. */
export const browserKeeper = (...[owner, onLost]: KeeperOptions): UnsavedKeeper =>
  new UnsavedKeeper(browserUnsavedStore(), owner, onLost);

type KeeperOptions =
  ConstructorParameters<typeof UnsavedKeeper> extends [unknown, ...infer Rest] ? Rest : never;
