/** Values of an address's query; undefined takes a key away. */
export type SearchChange = Readonly<Record<string, string | number | undefined>>;

/** A pattern such as `/cohorts/:cohortId` against a path: its parameters, null when it does not fit. */
export function matchPath(pattern: string, pathname: string): Readonly<Record<string, string>> | null {
  const wanted = segments(pattern);
  const given = segments(pathname);
  if (wanted.length !== given.length) return null;
  const params: Record<string, string> = {};
  for (const [at, part] of wanted.entries()) {
    const value = given[at] ?? '';
    if (part.startsWith(':')) {
      const text = decoded(value);
      if (text === null) return null;
      params[part.slice(1)] = text;
    } else if (part !== value) return null;
  }
  return params;
}

/** An address with its query changed; what is not named stays. */
export function withSearch(pathname: string, search: string, change: SearchChange): string {
  const query = new URLSearchParams(search);
  for (const [name, value] of Object.entries(change)) {
    if (value === undefined) query.delete(name);
    else query.set(name, String(value));
  }
  const text = query.toString();
  return text === '' ? pathname : `${pathname}?${text}`;
}

const segments = (path: string): string[] => path.split('/').filter((part) => part !== '');

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    // A broken escape names nothing; every other error is ours.
    if (error instanceof URIError) return null;
    throw error;
  }
}
