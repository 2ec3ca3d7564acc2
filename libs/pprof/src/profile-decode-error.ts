/**
 * Why a file is no profile that can be shown: `truncated` ends too early, `not_a_profile` is something else,
 * `too_large` is over a limit of `limits.ts`, `bomb` grows over one when it is unpacked, `malformed` breaks the format.
 */
export type ProfileDecodeCode = 'truncated' | 'not_a_profile' | 'too_large' | 'bomb' | 'malformed';

/** The only error that reading a profile throws. The message is for logs; what people read comes from `code`. */
export class ProfileDecodeError extends Error {
  override readonly name = 'ProfileDecodeError';
  readonly code: ProfileDecodeCode;

  constructor(code: ProfileDecodeCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
