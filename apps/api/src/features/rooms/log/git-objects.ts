import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import type { TreeFile } from '@lineage/collab';

type ObjectType = 'commit' | 'tree' | 'blob';
/** Numbers of the pack format (git, Documentation/gitformat-pack.adoc). */
const typeNumbers: Readonly<Record<ObjectType, number>> = { commit: 1, tree: 2, blob: 3 };

export type GitPerson = { readonly name: string; readonly email: string };
export type GitCommit = {
  readonly files: readonly TreeFile[];
  readonly parent: string | null;
  readonly author: GitPerson;
  readonly committer: GitPerson;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly message: string;
};

/** Collects objects and gives them as a bundle of one branch, which `git clone` takes like a repository. */
export class GitBundle {
  readonly #objects = new Map<string, Buffer>();
  #contentBytes = 0;

  /** Bytes of all objects before they are packed. */
  get contentBytes(): number {
    return this.#contentBytes;
  }

  /** The id of the commit. */
  commit({ files, parent, author, committer, at, message }: GitCommit): string {
    const lines = [
      `tree ${this.#tree(files.map((file) => ({ ...file, path: safePath(file.path) })))}`,
      ...(parent === null ? [] : [`parent ${parent}`]),
      `author ${signature(author, at)}`,
      `committer ${signature(committer, at)}`,
      '',
      message.trimEnd(),
      '',
    ];
    return this.#add('commit', Buffer.from(lines.join('\n')));
  }

  /** Version 2 of the format (git, Documentation/gitformat-bundle.adoc), with `head` as branch `main`. */
  encode(head: string): Buffer {
    const names = `# v2 git bundle\n${head} HEAD\n${head} refs/heads/main\n\n`;
    const start = Buffer.alloc(12);
    start.write('PACK');
    start.writeUInt32BE(2, 4);
    start.writeUInt32BE(this.#objects.size, 8);
    const pack = Buffer.concat([start, ...this.#objects.values()]);
    return Buffer.concat([Buffer.from(names), pack, createHash('sha1').update(pack).digest()]);
  }

  #tree(files: readonly TreeFile[]): string {
    const folders = Map.groupBy(files, ({ path }) => path.split('/', 1)[0] ?? path);
    const entries = [...folders].map(([name, inside]) => {
      const file = inside.find(({ path }) => path === name);
      if (file !== undefined)
        return { name, mode: '100644', id: this.#add('blob', Buffer.from(file.content)) };
      const below = inside.map(({ path, content }) => ({ path: path.slice(name.length + 1), content }));
      return { name, mode: '40000', id: this.#tree(below) };
    });
    // In the order of bytes, a folder as if its name ended in a slash.
    const key = (entry: (typeof entries)[number]): Buffer =>
      Buffer.from(entry.mode === '40000' ? `${entry.name}/` : entry.name);
    entries.sort((a, b) => Buffer.compare(key(a), key(b)));
    const parts = entries.flatMap(({ name, mode, id }) => [
      Buffer.from(`${mode} ${name}\0`),
      Buffer.from(id, 'hex'),
    ]);
    return this.#add('tree', Buffer.concat(parts));
  }

  #add(type: ObjectType, content: Buffer): string {
    const id = createHash('sha1').update(`${type} ${content.length}\0`).update(content).digest('hex');
    if (this.#objects.has(id)) return id;
    this.#contentBytes += content.length;
    this.#objects.set(id, Buffer.concat([packHeader(type, content.length), deflateSync(content)]));
    return id;
  }
}

function packHeader(type: ObjectType, size: number): Buffer {
  const bytes = [(typeNumbers[type] << 4) | (size & 15)];
  for (let rest = Math.floor(size / 16); rest > 0; rest = Math.floor(rest / 128)) {
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) | 128;
    bytes.push(rest & 127);
  }
  return Buffer.from(bytes);
}

const signature = ({ name, email }: GitPerson, at: number): string =>
  `${gitName(name)} <${email}> ${Math.floor(at / 1000)} +0000`;

/** A name as git takes it in a line of its own: nothing that ends the line or begins an address. */
export const gitName = (name: string): string =>
  name.replace(/[\p{C}<>\p{Zl}\p{Zp}]/gu, '').replace(/^[\s.,:;"'\\]+|[\s.,:;"'\\]+$/gu, '') || 'Somebody';

/** Names that git keeps for itself, on any file system, begin with an underscore instead. */
const safePath = (path: string): string =>
  path
    .split('/')
    .map((segment) =>
      /^(\.git(modules|attributes|ignore|mailmap)?|gi[a-z0-9]*~\d+)$/i.test(segment) &&
      segment.toLowerCase() !== '.gitignore'
        ? `_${segment}`
        : segment,
    )
    .join('/');
