/** The curriculum cannot be taught as it is. The message lists every problem with its file and field. */
export class CurriculumError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`The curriculum has problems:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.problems = problems;
  }
}
