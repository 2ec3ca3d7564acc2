import type { LineCost } from '@lineage/pprof';
import { heatOf, type LineHeat } from '../read-heat.ts';
import { bytesOf, type ProfileWindow } from './window-choice.ts';

/** Adds up in a worker what lines cost in the windows of one run, and tells it after each that comes. */
export class LiveHeat {
  readonly #worker = new Worker(new URL('./heat.worker.ts', import.meta.url), { type: 'module' });
  #sent = 0;

  constructor(onLines: (lines: readonly LineHeat[]) => void) {
    this.#worker.onmessage = ({ data }: MessageEvent<readonly LineCost[]>) => onLines(heatOf(data));
  }

  /** All windows so far; those that were given before are not read again. */
  take(windows: readonly Pick<ProfileWindow, 'profile'>[]): void {
    if (windows.length <= this.#sent) return;
    this.#worker.postMessage(windows.slice(this.#sent).map(({ profile }) => bytesOf(profile)));
    this.#sent = windows.length;
  }

  close(): void {
    this.#worker.terminate();
  }
}
