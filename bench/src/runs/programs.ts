import fs from 'node:fs';
import path from 'node:path';

/** Build caches of both sides outlive a benchmark: without this an earlier one would have compiled the same texts. */
const nonce = crypto.randomUUID();

/** A program to edit: the same files each time but for one line of main.go, which no cache has seen. */
export type Program = {
  readonly name: string;
  /** Files by path; `whose` and `nth` make the edit. */
  files(whose: string, nth: number): Record<string, string>;
  /** What the first line of output begins with. */
  firstLine(nth: number): string;
};

const goMod = 'module lesson\n\ngo 1.27\n';
const say = (whose: string, nth: number): string => `fmt.Println("first line", ${nth}, "${whose} ${nonce}")`;
const firstLine = (nth: number): string => `first line ${nth} `;

const hello: Program = {
  name: 'hello',
  files: (whose, nth) => ({
    'go.mod': goMod,
    'main.go': `package main\n\nimport "fmt"\n\nfunc main() {\n\t${say(whose, nth)}\n}\n`,
  }),
  firstLine,
};

/** Stages of a pipeline, each a package with its own goroutines, as a lesson on channels has them. */
const STAGES = ['source', 'parse', 'filter', 'hash', 'batch', 'merge', 'count', 'report'];

const pipeline: Program = {
  name: 'pipeline of 8 packages',
  files: (whose, nth) => {
    const files: Record<string, string> = { 'go.mod': goMod };
    for (const stage of STAGES) files[`${stage}/${stage}.go`] = stageSource(stage);
    const imports = STAGES.map((stage) => `\t"lesson/${stage}"`).join('\n');
    const calls = STAGES.map((stage) => `\tin = ${stage}.Run(ctx, in)`).join('\n');
    files['main.go'] =
      `package main\n\nimport (\n\t"context"\n\t"fmt"\n\n${imports}\n)\n\nfunc main() {\n\t${say(whose, nth)}\n` +
      `\tctx, cancel := context.WithCancel(context.Background())\n\tdefer cancel()\n\tin := make(<-chan int)\n${calls}\n` +
      `\tfmt.Println(<-in)\n}\n`;
    return files;
  },
  firstLine,
};

function stageSource(stage: string): string {
  const isFirst = stage === STAGES[0];
  return `package ${stage}

import (
\t"context"
\t"errors"
\t"sort"
\t"strings"
\t"sync"
\t"time"
)

// ErrStopped says that the stage was stopped before its input ended.
var ErrStopped = errors.New("${stage}: stopped")

type item struct {
\tvalue int
\tnames []string
\tat    time.Time
}

// Run starts the workers of the stage and closes what it returns when they are done.
func Run(ctx context.Context, in <-chan int) <-chan int {
\tout := make(chan int)
\tvar workers sync.WaitGroup
\tvar mu sync.Mutex
\tseen := map[int]item{}
\tfor range 4 {
\t\tworkers.Go(func() {
\t\t\t${isFirst ? 'for value := range 64 {' : 'for value := range in {'}
\t\t\t\tmu.Lock()
\t\t\t\tseen[value] = item{value: value, names: strings.Fields("${stage} worker"), at: time.Now()}
\t\t\t\tmu.Unlock()
\t\t\t\tselect {
\t\t\t\tcase out <- value + len("${stage}"):
\t\t\t\tcase <-ctx.Done():
\t\t\t\t\treturn
\t\t\t\t}
\t\t\t}
\t\t})
\t}
\tgo func() {
\t\tworkers.Wait()
\t\tmu.Lock()
\t\tdefer mu.Unlock()
\t\tkeys := make([]int, 0, len(seen))
\t\tfor key := range seen {
\t\t\tkeys = append(keys, key)
\t\t}
\t\tsort.Ints(keys)
\t\tclose(out)
\t}()
\treturn out
}
`;
}

const http: Program = {
  name: 'net/http',
  files: (whose, nth) => ({
    'go.mod': goMod,
    'main.go':
      `package main\n\nimport (\n\t"encoding/json"\n\t"fmt"\n\t"net/http"\n\t"net/http/httptest"\n)\n\nfunc main() {\n\t${say(whose, nth)}\n` +
      `\tserver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {\n` +
      `\t\t_ = json.NewEncoder(w).Encode(map[string]int{"n": 1})\n\t}))\n\tdefer server.Close()\n` +
      `\tresponse, err := http.Get(server.URL)\n\tif err != nil {\n\t\tpanic(err)\n\t}\n\tfmt.Println(response.Status)\n}\n`,
  }),
  firstLine,
};

const modules = fs
  .readFileSync(path.resolve(import.meta.dirname, '../../../curriculum/modules/go.mod'), 'utf8')
  .replace(/^module .*$/m, 'module lesson');
const sums = fs.readFileSync(path.resolve(import.meta.dirname, '../../../curriculum/modules/go.sum'), 'utf8');

/** Its modules have to be prepared: `lineage-runner prepare --modules curriculum/modules`. */
const gin: Program = {
  name: 'gin',
  files: (whose, nth) => ({
    'go.mod': modules,
    'go.sum': sums,
    'main.go':
      `package main\n\nimport (\n\t"fmt"\n\t"net/http/httptest"\n\n\t"github.com/gin-gonic/gin"\n)\n\nfunc main() {\n\t${say(whose, nth)}\n` +
      `\tgin.SetMode(gin.ReleaseMode)\n\trouter := gin.New()\n\trouter.GET("/n/:n", func(c *gin.Context) { c.JSON(200, gin.H{"n": c.Param("n")}) })\n` +
      `\tanswer := httptest.NewRecorder()\n\trouter.ServeHTTP(answer, httptest.NewRequest("GET", "/n/1", nil))\n\tfmt.Println(answer.Body)\n}\n`,
  }),
  firstLine,
};

export const programs = { hello, pipeline, http, gin } as const;

/** A package with one test; the edit is in what is tested. */
export const tested = {
  files: (whose: string, nth: number): Record<string, string> => ({
    'go.mod': goMod,
    'main.go': `package main\n\nimport "fmt"\n\nfunc main() { fmt.Println(double(2)) }\n\n// ${whose} ${nth} ${nonce}\nfunc double(n int) int { return 2 * n }\n\nconst edit = "${whose} ${nth} ${nonce}"\n`,
    'main_test.go': `package main\n\nimport "testing"\n\nfunc TestDouble(t *testing.T) {\n\tif double(2) != 4 || edit == "" {\n\t\tt.Fatal("wrong")\n\t}\n}\n`,
  }),
};

/** A program with an error that the type checker finds; the edit is beside it. */
export const broken = {
  files: (whose: string, nth: number): Record<string, string> => ({
    'go.mod': goMod,
    'main.go': `package main\n\nimport "fmt"\n\nfunc main() {\n\t${say(whose, nth)}\n\tfmt.Println(missing)\n}\n`,
  }),
};
