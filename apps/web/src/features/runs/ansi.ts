type Style = { readonly colour: number | null; readonly bold: boolean; readonly underlined: boolean };
/** A stretch of text in one style. Colours are indexes 0..7 of the classic palette; others are brought to the nearest. */
export type Span = Style & { readonly text: string };

const plain: Style = { colour: null, bold: false, underlined: false };

// CSI sequences, OSC sequences up to their end, and lone two-character escapes.
const escapes =
  /\u001b\[([0-9;:?]*)([@-~])|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\|$)|\u001b[@-Z\\-_]|\u001b\[?[0-9;:?]*$/g;
const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/** Reads the colours of a terminal's text; every other escape and control character is left out. Text stays text. */
export function ansiSpans(text: string): Span[] {
  const spans: Span[] = [];
  let style = plain;
  let from = 0;
  const take = (to: number): void => {
    const part = text
      .slice(from, to)
      .replaceAll(controls, '')
      .replaceAll(/[^\n]*\r(?!\n|$)/g, '');
    if (part !== '') spans.push({ text: part, ...style });
  };
  for (const match of text.matchAll(escapes)) {
    take(match.index);
    from = match.index + match[0].length;
    if (match[2] === 'm') style = applied(style, match[1] ?? '');
  }
  take(text.length);
  return spans;
}

/** SGR codes (ECMA-48 8.3.117) on a style. Backgrounds are left out: text has to be readable in both themes. */
function applied(style: Style, codes: string): Style {
  let next = style;
  const rest = codes === '' ? [0] : codes.split(/[;:]/).map(Number);
  for (let code = rest.shift(); code !== undefined; code = rest.shift()) {
    if (code === 0) next = plain;
    else if (code === 1) next = { ...next, bold: true };
    else if (code === 22) next = { ...next, bold: false };
    else if (code === 4) next = { ...next, underlined: true };
    else if (code === 24) next = { ...next, underlined: false };
    else if (code === 39) next = { ...next, colour: null };
    else if (code >= 30 && code <= 37) next = { ...next, colour: code - 30 };
    else if (code >= 90 && code <= 97) next = { ...next, colour: code - 90 };
    else if (code === 38) next = { ...next, colour: extendedColour(rest) };
    else if (code === 48) extendedColour(rest);
  }
  return next;
}

/** Takes `5;n` (256 colours) or `2;r;g;b` from the codes. Null for what is neither. */
function extendedColour(codes: number[]): number | null {
  const kind = codes.shift();
  if (kind === 2) {
    const [red = 0, green = 0, blue = 0] = codes.splice(0, 3);
    return nearest(red, green, blue);
  }
  if (kind !== 5) return null;
  const index = codes.shift() ?? 0;
  if (index < 16) return index % 8;
  if (index >= 232) return index < 244 ? 0 : 7;
  // A cube of 6 x 6 x 6 (xterm-256color).
  const part = (step: number): number => (Math.floor((index - 16) / step) % 6) * 51;
  return nearest(part(36), part(6), part(1));
}

/** The classic colour with the same strong parts: bit 0 red, bit 1 green, bit 2 blue. */
function nearest(red: number, green: number, blue: number): number {
  const most = Math.max(red, green, blue);
  if (most < 48) return 0;
  const isStrong = (part: number): number => (part > most * 0.6 ? 1 : 0);
  return isStrong(red) + 2 * isStrong(green) + 4 * isStrong(blue);
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
