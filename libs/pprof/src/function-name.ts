/** Where code comes from: the program itself, Go's runtime, its standard library, or a module from elsewhere. */
export type Origin = 'program' | 'runtime' | 'std' | 'module';

/** First path elements of the standard library's packages (`go list std` of Go 1.26); the runtime's are apart. */
const stdRoots = new Set(
  (
    'archive bufio bytes cmp compress container context crypto database debug embed encoding errors expvar flag fmt ' +
    'go hash html image index internal io iter log maps math mime net os path plugin reflect regexp slices sort ' +
    'strconv strings structs sync syscall testing text time unicode unique unsafe vendor weak'
  ).split(' '),
);
const runtimePackages =
  /^(runtime|internal\/(runtime|abi|bytealg|chacha8rand|cpu|goarch|goos|race|asan|msan))(\/|$)/;

/**
 * The import path in a Go symbol: `net/http` of `net/http.(*Server).Serve.func1`, `main` of `main.sum[go.shape.int]`;
 * '' for a symbol that has none (C, assembly, compiler-made).
 */
export function packageOf(symbol: string): string {
  const bracket = symbol.indexOf('[');
  const plain = bracket === -1 ? symbol : symbol.slice(0, bracket);
  if (/^(go|type):/.test(plain)) return '';
  const dot = plain.indexOf('.', plain.lastIndexOf('/') + 1);
  return dot === -1 ? '' : plain.slice(0, dot);
}

/** The symbol without the folders of its import path: `http.(*Server).Serve`. Type arguments are kept as `[…]`. */
export function shortName(symbol: string): string {
  const bracket = symbol.indexOf('[');
  if (bracket === 0) return symbol;
  const plain = bracket === -1 ? symbol : symbol.slice(0, bracket);
  const rest = bracket === -1 ? '' : symbol.slice(bracket).replace(/^\[[^\]]*\]/, '[…]');
  return plain.slice(plain.lastIndexOf('/') + 1) + rest;
}

/** Tells the origin by the import path: a first element with a dot is a host, so the code is a module's. */
export function originOf(symbol: string): Origin {
  const path = packageOf(symbol);
  if (path === '' || runtimePackages.test(path)) return 'runtime';
  const root = path.split('/', 1)[0] ?? '';
  if (stdRoots.has(root)) return 'std';
  return root.includes('.') ? 'module' : 'program';
}
