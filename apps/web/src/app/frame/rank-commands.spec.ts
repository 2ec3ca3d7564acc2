import { describe, expect, it } from 'vitest';
import { rankCommands } from './rank-commands.ts';

const commands = ['Start class', 'Open room', 'Sign out', '开始上课'].map((name) => ({
  name,
  group: 'Class',
}));
const names = (query: string): string[] => rankCommands(commands, query).map(({ name }) => name);

describe('rankCommands', () => {
  it('puts a start of the name first', () => {
    expect(names('s')[0]).toBe('Start class');
    expect(names('room')).toEqual(['Open room']);
  });

  it('finds letters in order, and Han', () => {
    expect(names('opr')).toContain('Open room');
    expect(names('上课')).toEqual(['开始上课']);
  });

  it('keeps all when nothing is asked, none when nothing fits', () => {
    expect(names(' ')).toHaveLength(4);
    expect(names('xyz')).toEqual([]);
  });
});
