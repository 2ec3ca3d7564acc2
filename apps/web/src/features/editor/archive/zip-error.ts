/** Why a zip is not read at all; a closed list, so that it can be said in the language of the page. */
export type ZipProblem =
  | 'too_large'
  | 'not_a_zip'
  | 'malformed'
  | 'too_many_entries'
  | 'encrypted'
  | 'method'
  | 'unpacked_too_large';

export class ZipError extends Error {
  override name = 'ZipError';
  readonly problem: ZipProblem;

  constructor(problem: ZipProblem) {
    super(problem);
    this.problem = problem;
  }
}
