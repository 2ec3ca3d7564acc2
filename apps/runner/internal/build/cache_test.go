package build

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestANewProgramIsFoundAtOnceAndAfterTheNextStart(t *testing.T) {
	dir, fresh := filepath.Join(t.TempDir(), "disk"), filepath.Join(t.TempDir(), "fresh")
	first, err := NewCache(dir, fresh)
	if err != nil {
		t.Fatal(err)
	}
	built := filepath.Join(t.TempDir(), "program")
	if err := os.WriteFile(built, []byte("program"), 0o755); err != nil {
		t.Fatal(err)
	}
	put, err := first.Put("key", built)
	if err != nil {
		t.Fatal(err)
	}
	if found, ok := first.Find("key"); !ok || found != put || !strings.HasPrefix(found, fresh) {
		t.Fatalf("found %q, put %q", found, put)
	}
	first.Close()
	second, err := NewCache(dir, "")
	if err != nil {
		t.Fatal(err)
	}
	found, ok := second.Find("key")
	if text, err := os.ReadFile(found); !ok || err != nil || string(text) != "program" {
		t.Fatalf("%q: %v", text, err)
	}
}

func TestWhatIsNoProgramIsNotKept(t *testing.T) {
	dir := t.TempDir()
	cache, err := NewCache(filepath.Join(dir, "disk"), filepath.Join(dir, "fresh"))
	if err != nil {
		t.Fatal(err)
	}
	defer cache.Close()
	link := filepath.Join(dir, "link")
	if err := os.Symlink("/etc/passwd", link); err != nil {
		t.Fatal(err)
	}
	for _, from := range []string{link, dir, filepath.Join(dir, "missing")} {
		if _, err := cache.Put("key", from); err == nil {
			t.Errorf("%s was kept", from)
		}
	}
}

func TestTheLongestUnusedProgramsGiveWay(t *testing.T) {
	dir := t.TempDir()
	kept := &shelf{dir: dir, most: 25}
	source := filepath.Join(t.TempDir(), "program")
	if err := os.WriteFile(source, []byte("0123456789"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"a", "b", "c"} {
		if _, err := kept.put(key, source); err != nil {
			t.Fatal(err)
		}
	}
	if _, ok := kept.find("a"); ok {
		t.Error("the oldest is still there")
	}
	for _, key := range []string{"b", "c"} {
		if _, ok := kept.find(key); !ok {
			t.Errorf("%s is gone", key)
		}
	}
}
