import { micromark } from 'micromark';
import { gfmTable, gfmTableHtml } from 'micromark-extension-gfm-table';

/** `[[runtime.findRunnable]]`, `[[runtime.(*mcache).refill]]`: a symbol of Go's source. */
const ANCHOR = /\[\[([\p{L}\p{N}_./()*-]{1,120})\]\]/gu;
const CODE = /(<pre>[\s\S]*?<\/pre>|<code[^>]*>[\s\S]*?<\/code>)/;
const OUTSIDE_LINK = /<a href="(https?:\/\/[^"]*)"/g;
/** A picture from elsewhere would tell its host who reads; a lesson's text has none of its own yet. */
const PICTURE = /<img [^>]*?alt="([^"]*)"[^>]*>/g;

/**
 * Markdown as HTML that is safe to insert: raw HTML is shown as text, and links keep only harmless schemes (both are
 * micromark's defaults, stated here because the page relies on them).
 */
export function markdownToHtml(markdown: string): string {
  const html = micromark(markdown, {
    allowDangerousHtml: false,
    allowDangerousProtocol: false,
    extensions: [gfmTable()],
    htmlExtensions: [gfmTableHtml()],
  });
  return html
    .split(CODE)
    .map((part, index) => (index % 2 === 1 ? part : dress(part)))
    .join('')
    .replaceAll('<pre>', '<pre tabindex="0">')
    .replaceAll('<table>', '<div class="ln-table" tabindex="0" role="group"><table>')
    .replaceAll('</table>', '</table></div>');
}

function dress(html: string): string {
  return html
    .replaceAll(ANCHOR, '<code class="ln-anchor">$1</code>')
    .replaceAll(OUTSIDE_LINK, '<a target="_blank" rel="noopener noreferrer" href="$1"')
    .replaceAll(PICTURE, '$1');
}
