/** The frame's live region; made there, written to from anywhere. */
export const LIVE_REGION_ID = 'ln-announcements';

/** Says one sentence to those who listen. Rare and short, or nobody will. */
export function announce(sentence: string): void {
  const region = document.getElementById(LIVE_REGION_ID);
  if (region === null) return;
  // The same text twice in a row is only spoken when it changes.
  region.textContent = region.textContent === sentence ? `${sentence}\u00a0` : sentence;
}
