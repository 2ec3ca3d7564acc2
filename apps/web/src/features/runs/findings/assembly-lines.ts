import type { AssemblyBody } from '@lineage/contracts';
import type { CaretLine } from '../caret-line.ts';

type Instruction = AssemblyBody['instructions'][number];

/** An instruction, and whether it comes from another line than the one before it. */
export type ShownInstruction = Instruction & { readonly isFirst: boolean };

export function shownInstructions({ instructions }: AssemblyBody): ShownInstruction[] {
  return instructions.map((one, at) => {
    const before = instructions[at - 1];
    return { ...one, isFirst: before === undefined || before.line !== one.line || before.path !== one.path };
  });
}

export const comesFrom = ({ path, line }: Pick<Instruction, 'path' | 'line'>, from: CaretLine): boolean =>
  path === from.file && line === from.line;

/**
 * Which function to show for a line: the shown one when it has instructions of that line, else the first that has,
 * one that was declared in the file before one that it was inlined into.
 */
export function functionFor(
  functions: readonly AssemblyBody[],
  from: CaretLine | null,
  shown: string,
): AssemblyBody | undefined {
  const current = functions.find((one) => one.function === shown);
  if (from === null) return current ?? functions[0];
  const having = functions.filter((one) => one.instructions.some((each) => comesFrom(each, from)));
  if (current !== undefined && (having.includes(current) || having.length === 0)) return current;
  return having.find(({ path }) => path === from.file) ?? having[0] ?? current ?? functions[0];
}
