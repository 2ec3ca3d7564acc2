/** What arrived is not a frame of this protocol. The message says which rule it breaks, never what it held. */
export class FrameError extends Error {
  override readonly name = 'FrameError';
}
