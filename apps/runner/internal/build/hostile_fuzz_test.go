package build

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func FuzzAcceptedFilesStayInTheirDirectory(f *testing.F) {
	for _, name := range []string{"main.go", "a/b.go", "../x.go", "/x.go", "a//b.go", "a\x00b.go", `a\b.go`, "zz_lineage_x.go", ".", "", "\xff.go"} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		files := []File{{Path: name, Content: []byte("x")}}
		if CheckFiles(files) != nil {
			return
		}
		base := t.TempDir()
		inside := filepath.Join(base, "inside")
		if err := os.Mkdir(inside, 0o755); err != nil {
			t.Fatal(err)
		}
		// The file system may refuse a name; it must not let it out.
		_ = WriteFiles(inside, files)
		entries, err := os.ReadDir(base)
		if err != nil || len(entries) != 1 {
			t.Fatalf("%q left its directory: %v %v", name, entries, err)
		}
	})
}

func FuzzDiagnosticsAreBounded(f *testing.F) {
	f.Add("main.go:3:5: undefined: x\n\thave int\n./a/b.go:1: bad\n")
	f.Add(":::\n\t\n")
	f.Add("")
	f.Fuzz(func(t *testing.T, said string) {
		found := parseDiagnostics(said)
		if len(found) == 0 || len(found) > maxDiagnostics {
			t.Fatalf("%d diagnostics", len(found))
		}
		for _, d := range found {
			if d.Path == "" || d.Line < 0 || d.Column < 0 {
				t.Fatalf("%+v", d)
			}
		}
	})
}

func FuzzWordsOfTheGoCommandAreBounded(f *testing.F) {
	f.Add("go: errors parsing go.mod:\n/work/go.mod:5: unknown directive: x\n")
	f.Add("# lesson\n./main.go:4:6: undefined: x\nmain.go:3:8: no required module provides package a.b/c; to add it:\n\tgo get a.b/c\n")
	f.Add("package lesson\n\timports a.b/c: build constraints exclude all Go files in /work/vendor/a.b/c\n")
	f.Add("go: inconsistent vendoring in /work:\n\ta.b/c@v1: is explicitly required\n\n")
	f.Fuzz(func(t *testing.T, said string) {
		found := parseGoCommand(said, "/work")
		if len(found) == 0 || len(found) > maxDiagnostics {
			t.Fatalf("%d diagnostics", len(found))
		}
		for _, d := range found {
			if d.Path == "" || d.Line < 0 || d.Column < 0 || !filepath.IsLocal(d.Path) {
				t.Fatalf("%+v", d)
			}
		}
	})
}

func FuzzGradedSourceIsReadWithoutPanic(f *testing.F) {
	f.Add("package main\n\nimport \"unsafe\"\n")
	f.Add("package main\n//go:linkname a b\nvar _ = os.NewFile")
	f.Add("package")
	f.Fuzz(func(t *testing.T, text string) {
		for _, problem := range CheckGraded([]File{{Path: "main.go", Content: []byte(text)}}) {
			if problem.Message == "" {
				t.Fatal("a problem without words")
			}
		}
	})
}

func TestLineDirectivesCannotNameFilesOutsideTheWorkspace(t *testing.T) {
	for _, d := range parseDiagnostics("/etc/passwd.go:1:1: undefined: x\n../../x.go:1:1: y\n") {
		if strings.HasPrefix(d.Path, "/") || strings.Contains(d.Path, "..") {
			t.Fatalf("a diagnostic names %q", d.Path)
		}
	}
}

func TestCacheTakesOnlyRegularFilesAndFollowsNoLink(t *testing.T) {
	dir := t.TempDir()
	cache, err := NewCache(filepath.Join(dir, "cache"), "")
	if err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(dir, "program")
	if err := os.Symlink("/etc/passwd", link); err != nil {
		t.Fatal(err)
	}
	if _, err := cache.Put("key", link); err == nil {
		t.Fatal("a link was taken")
	}
	if _, err := cache.Put("key", dir); err == nil {
		t.Fatal("a directory was taken")
	}
	if _, ok := cache.Find("key"); ok {
		t.Fatal("something was kept")
	}
}

func TestKeyOfAProgramTellsNamesAndContentsApart(t *testing.T) {
	one := hashOf([]File{{"ab", []byte("c")}}, "x", "y")
	for _, other := range []string{hashOf([]File{{"a", []byte("bc")}}, "x", "y"), hashOf([]File{{"ab", []byte("c")}}, "xy"), hashOf([]File{{"ab", []byte("d")}}, "x", "y")} {
		if one == other {
			t.Fatal("two programs have one key")
		}
	}
}

func FuzzRemarksAreBounded(f *testing.F) {
	f.Add("./main.go:10:8: n escapes to heap in f:\n./main.go:10:8:   flow: ~r0 = &n:\n./main.go:10:8: moved to heap: n\n./main.go:14:9: Found IsInBounds\n")
	f.Add("/etc/x.go:1:1: can inline f with cost 3 as: func() {}\n  \n:::\n")
	f.Fuzz(func(t *testing.T, said string) {
		for _, r := range parseRemarks(said) {
			if !filepath.IsLocal(r.Path) || r.Line < 0 || len(r.Flow) > maxFlow || len(r.Message) > maxRemark+4 || r.Kind == "" {
				t.Fatalf("%+v", r)
			}
		}
	})
}

func FuzzVetIsReadWithoutPanic(f *testing.F) {
	f.Add(`{"lesson":{"printf":[{"posn":"/work/main.go:20:14","message":"bad"}],"x":{"error":"no"}}}`)
	f.Add(`{}{"a":{"b":[{}]}}[`)
	f.Add(`{"":{"":[{"posn":"/:00:0"}]}}`)
	f.Fuzz(func(t *testing.T, said string) {
		found := parseVet(said, "/work")
		if len(found) > maxDiagnostics {
			t.Fatal(len(found))
		}
		for _, d := range found {
			if !filepath.IsLocal(d.Path) || d.Source != "vet" {
				t.Fatalf("%+v", d)
			}
		}
	})
}

func TestRemarkOfAValueIsToldOnceWithItsFlow(t *testing.T) {
	said := "# lesson\nmain.go:10:6: can inline f with cost 3 as: func(int) *int { return &n }\n" +
		"main.go:10:8: n escapes to heap in f:\nmain.go:10:8:   flow: ~r0 = &n:\nmain.go:10:8:     from &n (address-of) at main.go:10:29\nmain.go:10:8: moved to heap: n\n" +
		"main.go:12:10: s does not escape\nmain.go:22:8: cannot inline main.func1: call to recover\nmain.go:21:16: inlining call to f\nmain.go:14:9: Found IsInBounds\n" +
		"main.go:30:6: parameter p leaks to ~r0 for g with derefs=0:\nmain.go:30:6:   flow: ~r0 = p:\nmain.go:30:6: leaking param: p to result ~r0 level=0\n"
	kinds := map[RemarkKind]int{}
	for _, r := range parseRemarks(said) {
		kinds[r.Kind]++
		if r.Kind == Heap && (len(r.Flow) != 2 || r.Line != 10 || r.Message != "n escapes to heap in f") {
			t.Errorf("%+v", r)
		}
	}
	for _, kind := range []RemarkKind{CanInline, CannotInline, Inlined, Heap, Stack, BoundsCheck} {
		if kinds[kind] != 1 {
			t.Errorf("%d of %s", kinds[kind], kind)
		}
	}
	if kinds[Other] != 0 || kinds[Leak] == 0 {
		t.Errorf("%v", kinds)
	}
}
