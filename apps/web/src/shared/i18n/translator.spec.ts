import { describe, expect, it } from 'vitest';
import { translator } from './i18n.ts';

const messages = {
  run: { stop: 'Stop', took: 'took {{time}}, {{time}} in all' },
  people_one: '{{count}} person',
  people_other: '{{count}} people',
};

describe('a translator', () => {
  it('finds nested texts and fills every slot with plain text', () => {
    const t = translator('en', messages);
    expect(t('run.stop')).toBe('Stop');
    expect(t('run.took', { time: '<b>$&</b>' })).toBe('took <b>$&</b>, <b>$&</b> in all');
  });

  it('chooses the plural of the language', () => {
    expect(translator('en', messages)('people', { count: 1 })).toBe('1 person');
    expect(translator('en', messages)('people', { count: 0 })).toBe('0 people');
    expect(translator('zh-CN', { people_other: '{{count}} 人' })('people', { count: 1 })).toBe('1 人');
  });

  it('answers with the key for what is no text', () => {
    const t = translator('en', messages);
    expect(t('run')).toBe('run');
    expect(t('run.stop.more')).toBe('run.stop.more');
    expect(t('constructor')).toBe('constructor');
  });
});
