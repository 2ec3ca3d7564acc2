package execution_test

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/dirhash"

	pb "lineage.dev/runner/internal/gen/lineage/runner/v1"
	"lineage.dev/runner/internal/toolchain"
	"lineage.dev/runner/internal/variant"
)

// proxy serves one module from files, as GOPROXY=file:// reads them.
func proxy(t *testing.T) (address, sums string) {
	t.Helper()
	dir := t.TempDir()
	at := filepath.Join(dir, "lineage.test", "greet", "@v")
	if err := os.MkdirAll(at, 0o755); err != nil {
		t.Fatal(err)
	}
	goMod := "module lineage.test/greet\n\ngo 1.27\n"
	for name, text := range map[string]string{"list": "v1.0.0\n", "v1.0.0.info": `{"Version":"v1.0.0"}`, "v1.0.0.mod": goMod} {
		if err := os.WriteFile(filepath.Join(at, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	file, err := os.Create(filepath.Join(at, "v1.0.0.zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	archive := zip.NewWriter(file)
	for name, text := range map[string]string{"go.mod": goMod, "greet.go": "package greet\n\n// Hello greets.\nfunc Hello() string { return \"hello from a module\" }\n"} {
		w, err := archive.Create("lineage.test/greet@v1.0.0/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	zipSum, err1 := dirhash.HashZip(file.Name(), dirhash.Hash1)
	modSum, err2 := dirhash.Hash1([]string{"go.mod"}, func(string) (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(goMod)), nil })
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	return "file://" + dir, fmt.Sprintf("lineage.test/greet v1.0.0 %s\nlineage.test/greet v1.0.0/go.mod %s\n", zipSum, modSum)
}

func TestPreparedModuleCanBeRequired(t *testing.T) {
	address, sums := proxy(t)
	t.Setenv("GOPROXY", address)
	t.Setenv("GONOSUMDB", "lineage.test")
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod":  "module prepared\n\ngo 1.27\n\nrequire lineage.test/greet v1.0.0\n",
		"main.go": "package main\n\nimport _ \"lineage.test/greet\"\n\nfunc main() {}\n",
		"go.sum":  sums,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	prepared, err := toolchain.Open(toolchain.DefaultDir())
	if err != nil {
		t.Fatal(err)
	}
	store := variant.NewStore(toolchain.DefaultDir(), prepared)
	if err := store.Fetch(t.Context(), dir, func(string) {}); err != nil {
		t.Fatal(err)
	}
	if err := store.Fetch(t.Context(), dir, func(step string) { t.Error("done again:", step) }); err != nil {
		t.Fatal(err)
	}
	withLinkersAhead(t)
	const main = "package main\n\nimport (\n\t\"fmt\"\n\n\t\"lineage.test/greet\"\n)\n\nfunc main() { fmt.Println(greet.Hello()) }\n"
	requiring := module(kindRun, "go.mod", "module lesson\n\ngo 1.27\n\nrequire lineage.test/greet v1.0.0\n", "main.go", main)
	h := run(t, unlike(requiring, 0))
	h.want(t, pb.Verdict_VERDICT_PASSED, "")
	if by, why := h.builtBy(); h.out != "hello from a module\n" || by != "fast" {
		t.Fatal(h.out, by, why)
	}
	// The race detector is prepared, so the set is there for it too.
	raced := unlike(requiring, 1)
	raced.Kind = pb.RunKind_RUN_KIND_RACE
	h = run(t, raced)
	h.want(t, pb.Verdict_VERDICT_PASSED, "")
	if by, why := h.builtBy(); h.out != "hello from a module\n" || by != "fast" {
		t.Fatal(h.out, by, why)
	}
	// The next one finds a linker that has loaded the module.
	if h = linkAhead(t, requiring); h.out != "hello from a module\n" {
		t.Fatal(h.out, h.err)
	}
	// What decides about versions in another way is left to the go command.
	requiring.Files[0].Content = append(requiring.Files[0].Content, "\nexclude lineage.test/greet v0.9.0\n"...)
	h = run(t, unlike(requiring, 2))
	if by, _ := h.builtBy(); h.out != "hello from a module\n" || by != "go build" {
		t.Fatal(h.out, by)
	}
	// Another version was not prepared.
	h = run(t, module(kindRun, "go.mod", "module lesson\n\ngo 1.27\n\nrequire lineage.test/greet v1.1.0\n",
		"main.go", "package main\n\nimport \"lineage.test/greet\"\n\nfunc main() { greet.Hello() }\n"))
	h.want(t, pb.Verdict_VERDICT_FAILED, "")
	if len(h.diagnostics) == 0 {
		t.Fatal("nothing is said")
	}
}
