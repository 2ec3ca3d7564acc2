package executable

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// made is a small program for a system.
func made(t testing.TB, goos, goarch string, flags ...string) []byte {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "main.go"), []byte("package main\n\nfunc main() {}\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("go", append([]string{"build", "-o", "program", "-ldflags=-s"}, append(flags, "main.go")...)...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOOS="+goos, "GOARCH="+goarch, "CGO_ENABLED=0", "GO111MODULE=off")
	if said, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	program, err := os.ReadFile(filepath.Join(dir, "program"))
	if err != nil {
		t.Fatal(err)
	}
	return program
}

func TestAFileSaysWhatItIs(t *testing.T) {
	for _, c := range []struct {
		goos, goarch string
		want         Info
	}{
		{"linux", "amd64", Info{Format: "ELF", Static: true}},
		{"windows", "amd64", Info{Format: "PE", Libraries: []string{"kernel32.dll"}}},
		{"darwin", "arm64", Info{Format: "Mach-O", Libraries: []string{"/usr/lib/libSystem.B.dylib", "/usr/lib/libresolv.9.dylib"}}},
		{"wasip1", "wasm", Info{Format: "wasm", Static: true}},
	} {
		program := made(t, c.goos, c.goarch)
		got, err := Read(bytes.NewReader(program), int64(len(program)))
		if c.goos == "darwin" { // What else it loads is the release's affair.
			got.Libraries, c.want.Libraries = got.Libraries[:1], c.want.Libraries[:1]
		}
		c.want.Size = int64(len(program))
		if err != nil || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s/%s: %+v %v", c.goos, c.goarch, got, err)
		}
	}
}

func TestWhatIsNoExecutableIsRefused(t *testing.T) {
	for _, text := range []string{"", "MZ", "\x7fELF", "#!/bin/sh\n", "\xcf\xfa\xed\xfe" + strings.Repeat("\xff", 60)} {
		if info, err := Read(strings.NewReader(text), int64(len(text))); err == nil {
			t.Errorf("%q is %+v", text, info)
		}
	}
}

func FuzzExecutablesAreReadWithinBounds(f *testing.F) {
	for _, goos := range []string{"linux", "windows", "darwin"} {
		f.Add(made(f, goos, "amd64")[:4096])
	}
	f.Add([]byte("\x00asm\x01\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		info, err := Read(bytes.NewReader(raw), int64(len(raw)))
		if err != nil {
			return
		}
		if len(info.Libraries) > maxLibraries {
			t.Fatal(len(info.Libraries))
		}
		for _, name := range info.Libraries {
			if len(name) > 3*maxName {
				t.Fatal(len(name))
			}
		}
	})
}

func TestWhatIsNoRegularFileIsNamedSo(t *testing.T) {
	var said bytes.Buffer
	err := Describe(t.TempDir(), &said)
	if !errors.Is(err, ErrUnknown) || strings.Contains(err.Error(), "%!") || said.Len() > 0 {
		t.Errorf("%v %q", err, said.String())
	}
	if err := Describe(filepath.Join(t.TempDir(), "none"), &said); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
}
