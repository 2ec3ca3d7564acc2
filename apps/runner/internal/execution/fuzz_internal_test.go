package execution

import (
	"encoding/hex"
	"strings"
	"testing"
)

func TestProgressIsReadOutOfALineOfTheTestingPackage(t *testing.T) {
	got, ok := parseProgress("fuzz: elapsed: 1m3s, execs: 325017 (108336/sec), new interesting: 11 (total: 202)")
	if !ok || got.ElapsedUs != 63_000_000 || got.Executions != 325017 || got.Interesting != 11 {
		t.Fatal(got, ok)
	}
	for _, line := range []string{"", "fuzz: elapsed: 0s, gathering baseline coverage: 0/1 completed", "fuzz: elapsed: x, execs: 1 (1/sec)", "fuzz: elapsed: 9999h, execs: 1 (1/sec)"} {
		if got, ok := parseProgress(line); ok {
			t.Errorf("%q is %v", line, got)
		}
	}
}

func TestOnlyInputsOfTheCorpusAreTaken(t *testing.T) {
	text := corpusHead + "string(\"x\")\n"
	words := []string{"0123456789abcdef", "28", hex.EncodeToString([]byte(text))}
	if got, ok := parseInput("FuzzA", words); !ok || string(got.Input.Content) != text || got.Input.Path != "testdata/fuzz/FuzzA/0123456789abcdef" {
		t.Fatal(got, ok)
	}
	for _, words := range [][]string{{}, {"../../etc/x", "28", words[2]}, {words[0], "27", words[2]}, {words[0], "28", "zz"}, {words[0], "4", "61626364"}, {words[0], "-1"}} {
		if got, ok := parseInput("FuzzA", words); ok {
			t.Errorf("%q is %v", words, got)
		}
	}
}

func FuzzReportedInputsStayInTheirDirectory(f *testing.F) {
	f.Add("0123456789abcdef 28 " + hex.EncodeToString([]byte(corpusHead+"string(\"x\")\n")))
	f.Add("fuzz: elapsed: 3s, execs: 325017 (108336/sec), new interesting: 11 (total: 202)")
	f.Fuzz(func(t *testing.T, line string) {
		if p, ok := parseProgress(line); ok && p.ElapsedUs < 0 {
			t.Fatal(p)
		}
		if got, ok := parseInput("FuzzA", strings.Fields(line)); ok && (strings.Count(got.Input.Path, "/") != 3 || strings.Contains(got.Input.Path, "..")) {
			t.Fatal(got)
		}
	})
}
