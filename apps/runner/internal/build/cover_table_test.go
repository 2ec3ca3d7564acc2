package build

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"lineage.dev/runner/internal/toolchain"
)

const uncovered = "package a\n\nfunc F(n int) {\n\tif n > 1 {\n\t\tprintln(n)\n\t}\n}\n"

// covered is what cmd/cover of the pinned release makes of a text.
func coveredText(t testing.TB, text string) []byte {
	t.Helper()
	prepared, err := toolchain.Open(toolchain.DefaultDir())
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "a.go"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(prepared.Tool("cover"), "-mode=count", "-var=zz_lineage_1", "a.go")
	cmd.Dir = dir
	made, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func TestTheTableOfCoverIsTakenOffItsText(t *testing.T) {
	text, blocks, ok := parseCovered(coveredText(t, uncovered), "zz_lineage_1", make([]int, 8))
	if !ok || len(blocks) != 2 || blocks[0] != (CoverBlock{4, 2, 4, 11, 1}) || blocks[1] != (CoverBlock{5, 3, 5, 1, 1}) {
		t.Fatal(ok, blocks)
	}
	if !strings.HasPrefix(string(text), "package a\n") || strings.Contains(string(text), "NumStmt") || strings.Count(string(text), "zz_lineage_1.Count[") != 2 {
		t.Fatalf("%s", text)
	}
}

func TestATableThatCannotBeTrueIsRefused(t *testing.T) {
	made := string(coveredText(t, uncovered))
	for _, change := range [][2]string{{"4, 4,", "4, 99,"}, {"4, 4,", "4, 3,"}, {"// [1]", "// [0]"}, {"[2]uint32", "[3]uint32"}, {"1, // 1", "x, // 1"}, {"[2]uint32", "[99999999]uint32"}} {
		if forged := strings.ReplaceAll(made, change[0], change[1]); forged == made {
			t.Errorf("%q is not in it", change[0])
		} else if _, _, ok := parseCovered([]byte(forged), "zz_lineage_1", make([]int, 8)); ok {
			t.Errorf("%q was taken for %q", change[1], change[0])
		}
	}
}

func FuzzTablesOfCoverAreBounded(f *testing.F) {
	f.Add(coveredText(f, uncovered), 8)
	f.Add([]byte("\nvar zz_lineage_1 = struct {\n\tCount     [0]uint32\n\n\n\n\n\n"), 1)
	f.Fuzz(func(t *testing.T, made []byte, lines int) {
		lines = min(max(lines, 0), 1000)
		_, blocks, ok := parseCovered(made, "zz_lineage_1", make([]int, lines))
		if !ok {
			return
		}
		if len(blocks) > maxFileBlocks {
			t.Fatal(len(blocks))
		}
		for _, b := range blocks {
			if b.StartLine < 1 || b.EndLine > lines || b.EndLine < b.StartLine || b.Statements < 0 {
				t.Fatalf("%+v", b)
			}
		}
	})
}
