import { freeControl, type RoomControl } from '@lineage/collab';
import { describe, expect, it } from 'vitest';
import { canTakeTurns, moreOffersFor, nextInTurn, offersFor } from './control-offer.ts';

const anaDrives: RoomControl = { ...freeControl, seq: 1, mode: 'driver', driver: 'ana' };
const labels = (control: RoomControl, id: string, role: string): string[] =>
  offersFor(control, { id, role }).map(({ label }) => label);

describe('what one may do about who drives', () => {
  it('is to ask, to stop asking, and to take back what one handed over', () => {
    expect(labels(anaDrives, 'bo', 'navigator')).toEqual(['ask']);
    expect(labels({ ...anaDrives, asking: ['bo'] }, 'bo', 'navigator')).toEqual(['withdraw']);
    expect(labels({ ...anaDrives, handedBy: 'bo' }, 'bo', 'navigator')).toEqual(['takeBack']);
    expect(labels({ ...anaDrives, driver: null }, 'bo', 'navigator')).toEqual(['drive']);
  });

  it('is the driver’s to answer who asked first', () => {
    const asked = { ...anaDrives, asking: ['cy', 'bo'] };
    expect(offersFor(asked, { id: 'ana', role: 'driver' })).toEqual([
      { label: 'handOverAsking', who: 'cy', command: { type: 'hand_over', to: 'cy' } },
      { label: 'decline', who: 'cy', command: { type: 'decline', who: 'cy' } },
    ]);
    expect(labels(anaDrives, 'ana', 'driver')).toEqual([]);
  });

  it('is a lead’s whoever drives, an observer’s never, and nobody’s in free mode', () => {
    expect(labels({ ...anaDrives, asking: ['bo'] }, 'lead', 'lead')).toEqual([
      'handOverAsking',
      'decline',
      'takeFrom',
    ]);
    expect(labels({ ...anaDrives, driver: null }, 'lead', 'lead')).toEqual([]);
    expect(labels(anaDrives, 'mentor', 'observer')).toEqual([]);
    expect(labels(freeControl, 'ana', 'driver')).toEqual([]);
  });

  it('has more in a menu for who steers', () => {
    const here = ['ana', 'bo', 'cy'];
    const ana = { id: 'ana', role: 'driver' };
    expect(moreOffersFor(anaDrives, ana, here)).toEqual({
      handOverTo: ['bo', 'cy'],
      canSetTurns: true,
      canFree: true,
    });
    expect(moreOffersFor(anaDrives, { id: 'bo', role: 'navigator' }, here)).toEqual({
      handOverTo: [],
      canSetTurns: false,
      canFree: false,
    });
    expect(moreOffersFor({ ...anaDrives, heldByLead: true }, ana, here).canFree).toBe(false);
    expect(moreOffersFor({ ...anaDrives, driver: null }, { id: 'lead', role: 'lead' }, here)).toEqual({
      handOverTo: here,
      canSetTurns: true,
      canFree: true,
    });
  });

  it('begins with taking turns, when there is somebody to take them with', () => {
    const ana = { id: 'ana', role: 'driver' };
    expect(canTakeTurns(freeControl, ana, ['ana', 'bo'])).toBe(true);
    expect(canTakeTurns(freeControl, ana, ['ana'])).toBe(false);
    expect(canTakeTurns(freeControl, { id: 'm', role: 'observer' }, ['ana', 'bo'])).toBe(false);
    expect(canTakeTurns(anaDrives, ana, ['ana', 'bo'])).toBe(false);
  });

  it('names the next driver only where turns end by themselves', () => {
    expect(nextInTurn(anaDrives, ['ana', 'bo'])).toBeNull();
    expect(nextInTurn({ ...anaDrives, turnMinutes: 5, turnEndsAt: 1 }, ['ana', 'bo'])).toBe('bo');
  });
});
