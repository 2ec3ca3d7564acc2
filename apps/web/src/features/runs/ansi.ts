/** A stretch of text in one style. Colours are indexes 0..7 of the classic palette. */
export type Span = { readonly text: string; readonly colour: number | null; readonly bold: boolean };

// CSI sequences, OSC sequences up to their end, and lone two-character escapes.
const escapes =
  /\u001b\[([0-9;:?]*)([@-~])|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\|$)|\u001b[@-Z\\-_]|\u001b\[?[0-9;:?]*$/g;
const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/** Reads the colours of a terminal's text; every other escape and control character is left out. Text stays text. */
export function ansiSpans(text: string): Span[] {
  const spans: Span[] = [];
  let colour: number | null = null;
  let bold = false;
  let from = 0;
  const take = (to: number): void => {
    const part = text
      .slice(from, to)
      .replaceAll(controls, '')
      .replaceAll(/[^\n]*\r(?!\n|$)/g, '');
    if (part !== '') spans.push({ text: part, colour, bold });
  };
  for (const match of text.matchAll(escapes)) {
    take(match.index);
    from = match.index + match[0].length;
    if (match[2] === 'm') ({ colour, bold } = applied({ colour, bold }, match[1] ?? ''));
  }
  take(text.length);
  return spans;
}

function applied(
  style: { colour: number | null; bold: boolean },
  codes: string,
): { colour: number | null; bold: boolean } {
  let { colour, bold } = style;
  for (const code of codes === '' ? [0] : codes.split(';').map(Number)) {
    if (code === 0) [colour, bold] = [null, false];
    else if (code === 1) bold = true;
    else if (code === 22) bold = false;
    else if (code === 39) colour = null;
    else if (code >= 30 && code <= 37) colour = code - 30;
    else if (code >= 90 && code <= 97) colour = code - 90;
  }
  return { colour, bold };
}

/** A place in the source that a line names, such as `main.go:12:3`. */
export type SourceLink = {
  readonly from: number;
  readonly to: number;
  readonly file: string;
  readonly line: number;
};

const places = /(?:^|[\s("'])((?:\.?\/)?(?:[\w.-]+\/)*[\w.-]+\.go):(\d{1,6})(?::\d+)?/g;

export function sourceLinks(text: string): SourceLink[] {
  return [...text.matchAll(places)].map((match) => {
    const name = match[1] ?? '';
    const from = match.index + match[0].indexOf(name);
    return {
      from,
      to: match.index + match[0].length,
      file: name.replace(/^(?:\.\/|\/work\/)/, ''),
      line: Number(match[2]),
    };
  });
}
