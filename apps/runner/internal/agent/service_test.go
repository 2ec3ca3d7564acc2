package agent_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"connectrpc.com/connect"

	"lineage.dev/runner/internal/agent"
	pb "lineage.dev/runner/internal/gen/lineage/runner/v1"
	"lineage.dev/runner/internal/toolchain"
)

func TestDescribeSaysWhatTheEngineIs(t *testing.T) {
	said, err := listen(t).client(t, honest()).Describe(patience(t), connect.NewRequest(&pb.DescribeRequest{}))
	if err != nil {
		t.Fatal(err)
	}
	builds, runs := engine.Slots()
	m := said.Msg
	if m.GoVersion != toolchain.Version || m.Level != engine.Level() || int(m.BuildSlots) != builds || int(m.RunSlots) != runs || len(m.Layers) == 0 {
		t.Fatalf("said %v", m)
	}
}

func TestFormatIsThatOfGofmt(t *testing.T) {
	client := listen(t).client(t, honest())
	format := func(text string) (*pb.FormatResponse, error) {
		file := &pb.SourceFile{Path: "main.go", Content: []byte(text)}
		said, err := client.Format(patience(t), connect.NewRequest(&pb.FormatRequest{File: file}))
		if err != nil {
			return nil, err
		}
		return said.Msg, nil
	}
	said, err := format("package main\nfunc  main( ) { }\n")
	if err != nil || string(said.Content) != "package main\n\nfunc main() {}\n" || len(said.Diagnostics) != 0 {
		t.Fatalf("said %v, %v", said, err)
	}
	said, err = format("package main\n\nfunc main( {}\n")
	if err != nil || len(said.Diagnostics) == 0 || said.Diagnostics[0].Line != 3 || said.Diagnostics[0].Path != "main.go" {
		t.Fatalf("said %v, %v", said, err)
	}
	if string(said.Content) != "package main\n\nfunc main( {}\n" {
		t.Fatalf("a text with an error became %q", said.Content)
	}
	if _, err := format("// " + strings.Repeat("x", 256<<10)); connect.CodeOf(err) != connect.CodeInvalidArgument {
		t.Fatalf("a file that is too large: %v", err)
	}
}

func TestSocketIsForItsOwnerOnly(t *testing.T) {
	info, err := os.Stat(listen(t).socket)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("mode %v, %v", info.Mode(), err)
	}
}

func TestSecretOfAnotherLengthIsRefused(t *testing.T) {
	socket := filepath.Join(t.TempDir(), "s")
	if _, err := agent.Listen(engine, socket, secret[:31], nil); err == nil {
		t.Fatal("a short secret was taken")
	}
}
