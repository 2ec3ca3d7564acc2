/**
 * Turns one stream of a program's bytes into text that JSON and PostgreSQL take: invalid UTF-8 becomes U+FFFD, NUL
 * becomes U+2400. A character cut between two chunks is kept until it is whole.
 */
export class OutputText {
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });

  write(bytes: Uint8Array): string {
    return visibleNul(this.#decoder.decode(bytes, { stream: true }));
  }

  /** What was left of a cut character; the decoder begins anew. Called at a gap and at the end. */
  flush(): string {
    return visibleNul(this.#decoder.decode());
  }
}

/** For text that an agent sent as a string: lone surrogates cannot be stored either. */
export function storable(text: string, most: number): string {
  return visibleNul(text.slice(0, most).toWellFormed());
}

function visibleNul(text: string): string {
  return text.replaceAll('\0', '\u2400');
}
