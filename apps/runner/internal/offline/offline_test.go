package offline

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func id(b byte) []byte { return bytes.Repeat([]byte{b}, hashBytes) }

// prepare writes an entry as the go command does.
func prepare(t testing.TB, dir string, action, output byte, body string) {
	t.Helper()
	a, o := hex.EncodeToString(id(action)), hex.EncodeToString(id(output))
	for name, text := range map[string]string{
		a[:2] + "/" + a + "-a": fmt.Sprintf("v1 %s %s %20d %20d\n", a, o, len(body), 1),
		o[:2] + "/" + o + "-d": body,
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o444); err != nil {
			t.Fatal(err)
		}
	}
}

func converse(t *testing.T, prepared, private, requests string) []cacheResponse {
	t.Helper()
	var out bytes.Buffer
	if err := ServeCache(strings.NewReader(requests), &out, prepared, private); err != nil {
		t.Fatal(err)
	}
	var all []cacheResponse
	decoder := json.NewDecoder(&out)
	for {
		var response cacheResponse
		if err := decoder.Decode(&response); err == io.EOF {
			return all[1:] // The first says what is known.
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, response)
	}
}

func line(request cacheRequest) string {
	raw, _ := json.Marshal(request)
	return string(raw) + "\n"
}

func TestCacheReadsWhatIsPreparedAndWritesOnlyToItsOwnDirectory(t *testing.T) {
	prepared, private := t.TempDir(), t.TempDir()
	prepare(t, prepared, 1, 2, "archive")
	said := converse(t, prepared, private, line(cacheRequest{ID: 1, Command: "get", ActionID: id(1)})+
		line(cacheRequest{ID: 2, Command: "get", ActionID: id(3)})+
		line(cacheRequest{ID: 3, Command: "put", ActionID: id(1), OutputID: id(4), BodySize: 3})+"\""+base64.StdEncoding.EncodeToString([]byte("new"))+"\"\n"+
		line(cacheRequest{ID: 4, Command: "get", ActionID: id(1)})+
		line(cacheRequest{ID: 5, Command: "put", ActionID: id(5), OutputID: id(6)})+
		line(cacheRequest{ID: 6, Command: "close"}))
	if len(said) != 6 || said[0].Miss || said[0].Size != 7 || !said[1].Miss || said[2].Err != "" || said[4].Err != "" {
		t.Fatalf("%+v", said)
	}
	if !strings.HasPrefix(said[0].DiskPath, prepared) || !strings.HasPrefix(said[3].DiskPath, private) || !bytes.Equal(said[3].OutputID, id(4)) {
		t.Fatalf("%+v", said)
	}
	if text, err := os.ReadFile(said[3].DiskPath); err != nil || string(text) != "new" {
		t.Fatalf("%q %v", text, err)
	}
	left, err := filepath.Glob(filepath.Join(prepared, "*", "*"))
	if err != nil || len(left) != 2 {
		t.Fatalf("%v %v", left, err)
	}
}

func TestCacheEntryWhoseBodyIsNotAsItSaysIsAMiss(t *testing.T) {
	prepared := t.TempDir()
	prepare(t, prepared, 1, 2, "archive")
	name := hex.EncodeToString(id(2))
	if err := os.Chmod(filepath.Join(prepared, name[:2], name+"-d"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(filepath.Join(prepared, name[:2], name+"-d"), 3); err != nil {
		t.Fatal(err)
	}
	if said := converse(t, prepared, t.TempDir(), line(cacheRequest{ID: 1, Command: "get", ActionID: id(1)})); !said[0].Miss {
		t.Fatalf("%+v", said)
	}
}

func FuzzCacheConversation(f *testing.F) {
	f.Add([]byte(line(cacheRequest{ID: 3, Command: "put", ActionID: id(1), OutputID: id(4), BodySize: 3}) + "\"bmV3\"\n"))
	f.Add([]byte(line(cacheRequest{ID: 1, Command: "get", ActionID: id(1)}) + line(cacheRequest{Command: "close"})))
	f.Add([]byte("{}\n\n\"\n"))
	f.Fuzz(func(t *testing.T, said []byte) {
		base := t.TempDir()
		private := filepath.Join(base, "private")
		if err := os.Mkdir(private, 0o755); err != nil {
			t.Fatal(err)
		}
		_ = ServeCache(bytes.NewReader(said), io.Discard, filepath.Join(base, "prepared"), private)
		if entries, err := os.ReadDir(base); err != nil || len(entries) != 1 {
			t.Fatalf("it wrote elsewhere: %v %v", entries, err)
		}
	})
}

func FuzzCacheEntry(f *testing.F) {
	a := hex.EncodeToString(id(1))
	f.Add([]byte("v1 " + a + " " + a + " 7 1\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if found, err := parseEntry(raw, a); err == nil && (len(found.output) != hashBytes || found.size < 0) {
			t.Fatalf("%+v", found)
		}
	})
}

func TestBodyThatIsShorterThanItSaysIsRefused(t *testing.T) {
	for _, body := range []string{"\"bmV3\"", "bmV3", "\"\"", "", "\"bm"} {
		if err := copyBody(io.Discard, bufio.NewReader(strings.NewReader(body)), 5); err == nil {
			t.Errorf("%q was taken", body)
		}
	}
}

func TestToolsPutOurFilesIntoPackageMainOnly(t *testing.T) {
	dir := t.TempDir()
	imports, given := filepath.Join(dir, "link.cfg"), filepath.Join(dir, "importcfg")
	write := func(path, text string) {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write(imports, "packagefile fmt=/prepared/fmt.a\npackagefile os=/prepared/os.a\npackagefile lineage.dev/report=/prepared/report.a\n")
	write(given, "# import config\npackagefile lineage.dev/report=/cache/theirs.a\npackagefile fmt=/cache/fmt.a")
	tools := Tools{Source: "/work", Module: "lesson", Main: []string{"/out/main.go"}, ReplaceMain: true, Imports: imports}
	args, err := tools.compile([]string{"-o", "x.a", "-trimpath", "/tmp/b001=>;/work=>lesson;/work/sub=>lesson/sub;/work/vendor/a=>a@v1", "-p", "main", "-importcfg", given, "-pack", "/tmp/b001/_testmain.go"})
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(args, " "); got != "-o x.a -trimpath /tmp/b001=>;/work=>;/work/sub=>sub;/work/vendor/a=>a@v1 -p main -importcfg "+given+" -pack /out/main.go" {
		t.Fatal(got)
	}
	merged, err := os.ReadFile(given)
	if err != nil || string(merged) != "# import config\npackagefile fmt=/cache/fmt.a\npackagefile os=/prepared/os.a\npackagefile lineage.dev/report=/prepared/report.a\n" {
		t.Fatalf("%q %v", merged, err)
	}
	other := []string{"-p", "example.com/other", "-trimpath", "/work/vendor/x=>x", "x.go"}
	if args, err := tools.compile(other); err != nil || strings.Join(args, " ") != strings.Join(other, " ") {
		t.Fatal(args, err)
	}
	if args, err := tools.compile([]string{"-V=full"}); err != nil || len(args) != 1 {
		t.Fatal(args, err)
	}
}

func TestOnlyWholeFilesAreFormatted(t *testing.T) {
	for text, problems := range map[string]int{"package main\n": 0, "package  main\n\nfunc main( ) { }\n": 0, "x := 1\n": 1, "func f() {}\n": 1, "nothing": 1, "": 1} {
		if said := formatFile("main.go", []byte(text)); len(said.Problems) != problems {
			t.Errorf("%q: %+v", text, said)
		}
	}
}
