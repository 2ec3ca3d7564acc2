import { EditorState } from '@codemirror/state';
import { describe, expect, it } from 'vitest';
import { testAtCaret, testsIn } from './test-marks.ts';

const text = `package x

func TestQueue(t *testing.T) {
\tt.Run("empty", nil)
}

func helper() {
\treturn
}

func Testing() {}
func Test(t *testing.T) {}
func TestÄpfel(t *testing.T) {}
func Test_x(t *testing.T) {}
func BenchmarkPut(b *testing.B) {}
`;

describe('tests in a text', () => {
  it('are those that go test would run', () => {
    const found = testsIn(EditorState.create({ doc: text }));
    expect(found.map(({ name }) => name)).toEqual(['TestQueue', 'Test', 'Test_x', 'BenchmarkPut']);
    for (const { name, from } of found) expect(text.slice(from)).toMatch(new RegExp(`^func ${name}\\(`));
  });

  it('have the caret in them, or another function has', () => {
    const at = (words: string) =>
      testAtCaret(EditorState.create({ doc: text, selection: { anchor: text.indexOf(words) } }));
    expect(at('t.Run')).toBe('TestQueue');
    expect(at('func BenchmarkPut')).toBe('BenchmarkPut');
    expect(at('return')).toBeNull();
    expect(at('package')).toBeNull();
  });
});
