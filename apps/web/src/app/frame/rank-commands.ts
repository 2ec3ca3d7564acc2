/** What is searched: the name and its heading. */
type Named = { readonly name: string; readonly group: string };

/**
 * The commands that have the query's letters in order, best first: a start of the name, then a start of a word, then
 * letters that stand close together. Works for Han as well, where each character is a letter.
 */
export function rankCommands<C extends Named>(commands: readonly C[], query: string): C[] {
  const wanted = query.trim().toLowerCase();
  if (wanted === '') return [...commands];
  return commands
    .map((command) => ({ command, score: scoreOf(command, wanted) }))
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score)
    .map(({ command }) => command);
}

function scoreOf({ name, group }: Named, wanted: string): number {
  const text = name.toLowerCase();
  if (text.startsWith(wanted)) return 4;
  if (text.includes(` ${wanted}`)) return 3;
  if (text.includes(wanted)) return 2;
  const spread = spreadOf(`${group} ${name}`.toLowerCase(), wanted);
  return spread === null ? 0 : 1 / spread;
}

/** Over how many characters the wanted letters lie, or null when one is missing. */
function spreadOf(text: string, wanted: string): number | null {
  let first = -1;
  let at = -1;
  for (const letter of wanted.replaceAll(' ', '')) {
    at = text.indexOf(letter, at + 1);
    if (at === -1) return null;
    if (first === -1) first = at;
  }
  return at - first + 1;
}
