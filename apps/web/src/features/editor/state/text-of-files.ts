export type FileText = { readonly path: string; readonly content: string };

/** Several files as one text, each under its path, for somebody who keeps it by copying. */
export const textOfFiles = (files: readonly FileText[]): string =>
  files
    .map(({ path, content }) => `// ${path}\n${content.endsWith('\n') ? content : `${content}\n`}`)
    .join('\n');
