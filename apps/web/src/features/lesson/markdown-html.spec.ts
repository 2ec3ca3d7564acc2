import { describe, expect, it } from 'vitest';
import { markdownToHtml } from './markdown-html.ts';

describe('markdownToHtml', () => {
  it('shows raw HTML as text', () => {
    const html = markdownToHtml('a <img src=x onerror=alert(1)> b\n\n<script>alert(1)</script>');
    expect(html).not.toMatch(/<(img|script)/);
    expect(html).toContain('&lt;script&gt;');
  });

  it('takes the address from links with a dangerous scheme', () => {
    expect(markdownToHtml('[x](javascript:alert(1))')).toContain('href=""');
    expect(markdownToHtml('[x](https://go.dev)')).toContain(
      'rel="noopener noreferrer" href="https://go.dev"',
    );
  });

  it('draws symbols as chips, but not inside code', () => {
    expect(markdownToHtml('See [[runtime.(*mcache).refill]].')).toContain(
      '<code class="ln-anchor">runtime.(*mcache).refill</code>',
    );
    expect(markdownToHtml('`[[runtime.g]]`')).toBe('<p><code>[[runtime.g]]</code></p>');
  });

  it('does not let a symbol carry markup', () => {
    expect(markdownToHtml('[[a"onclick=x]]')).not.toContain('ln-anchor');
  });

  it('draws tables', () => {
    expect(markdownToHtml('|a|b|\n|-|-|\n|1|2|')).toContain('<td>1</td>');
  });

  it('replaces pictures by their words', () => {
    expect(markdownToHtml('![a span](https://example.org/x.png)')).toBe('<p>a span</p>');
  });
});
