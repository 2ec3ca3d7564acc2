package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	pb "lineage.dev/runner/internal/gen/lineage/runner/v1"
)

// heard shows what happens in a run as it happens, and keeps what the JSON object tells at its end.
type heard struct {
	stdout, stderr io.Writer
	dir            string
	end            *pb.End
	diagnostics    []diagnostic
	tests          testTree
	findings       findings
	built          built
	stages         map[string]int64
	open           map[string]*os.File
	artifacts      []string
	failure        error
	// midLine says that the program's last byte on stdout did not end a line.
	midLine bool
}

// built says how the program was made: "fast", "go build" with the reason, or "cached"; empty when it was not.
type built struct {
	By  string `json:"by"`
	Why string `json:"why"`
}

type diagnostic struct {
	Path    string `json:"path"`
	Line    uint32 `json:"line"`
	Column  uint32 `json:"column"`
	Message string `json:"message"`
	Source  string `json:"source"`
	Rule    string `json:"rule,omitempty"`
}

// result is the object that docs/runner-cli.md describes.
type result struct {
	Verdict      string           `json:"verdict"`
	Limit        string           `json:"limit"`
	ExitStatus   int32            `json:"exitStatus"`
	ExitSignal   string           `json:"exitSignal"`
	Reason       string           `json:"reason"`
	Level        string           `json:"level"`
	Diagnostics  []diagnostic     `json:"diagnostics"`
	Tests        []*testNode      `json:"tests"`
	Stages       map[string]int64 `json:"stages"`
	Build        built            `json:"build"`
	Artifacts    []string         `json:"artifacts"`
	SelfReported bool             `json:"selfReported"`
	Noisy        bool             `json:"noisy"`
	AllAsleep    bool             `json:"allAsleep,omitempty"`
	Quiet        *quiet           `json:"quiet,omitempty"`
	findings
}

func newHeard(stdout, stderr io.Writer, dir string) *heard {
	return &heard{
		stdout: stdout, stderr: stderr, dir: dir, diagnostics: []diagnostic{}, stages: map[string]int64{},
		open: map[string]*os.File{}, artifacts: []string{}, findings: newFindings(),
	}
}

// take remembers what could not be written: the run ends for that, without an end that anybody hears.
func (h *heard) take(event *pb.ExecuteResponse) error {
	h.failure = h.show(event)
	return h.failure
}

func (h *heard) show(event *pb.ExecuteResponse) error {
	switch e := event.Event.(type) {
	case *pb.ExecuteResponse_Stage:
		if e.Stage.Name == pb.StageName_STAGE_NAME_COMPILE && e.Stage.Finished {
			h.built = built{By: e.Stage.Detail, Why: e.Stage.Why}
		}
		if e.Stage.Finished {
			h.stages[word("STAGE_NAME_", e.Stage.Name.String())] = e.Stage.DurationUs / 1000
		}
	case *pb.ExecuteResponse_Diagnostic:
		d := e.Diagnostic
		h.diagnostics = append(h.diagnostics, diagnostic{Path: d.Path, Line: d.Line, Column: d.Column, Message: d.Message, Source: d.Source, Rule: d.Rule})
		fmt.Fprintf(h.stderr, "%s:%d:%d: %s\n", d.Path, d.Line, d.Column, d.Message)
	case *pb.ExecuteResponse_Output:
		to := h.stderr
		if e.Output.Stream == pb.Stream_STREAM_STDOUT {
			to, h.midLine = h.stdout, !bytes.HasSuffix(e.Output.Data, []byte("\n"))
		}
		if e.Output.DroppedBefore > 0 {
			fmt.Fprintf(to, "\n[%d bytes left out]\n", e.Output.DroppedBefore)
		}
		_, err := to.Write(e.Output.Data)
		return err
	case *pb.ExecuteResponse_Test:
		h.tests.add(e.Test)
	case *pb.ExecuteResponse_ArtifactBegin:
		return h.begin(e.ArtifactBegin.Name)
	case *pb.ExecuteResponse_ArtifactChunk:
		if file := h.open[e.ArtifactChunk.Name]; file != nil {
			_, err := file.Write(e.ArtifactChunk.Data)
			return err
		}
	case *pb.ExecuteResponse_ArtifactEnd:
		if file := h.open[e.ArtifactEnd.Name]; file != nil {
			delete(h.open, e.ArtifactEnd.Name)
			return file.Close()
		}
	case *pb.ExecuteResponse_End:
		h.end = e.End
	default:
		h.findings.take(event)
	}
	return nil
}

// begin opens a file for an artifact. Its name came through the slot, so it is taken as a bare name.
func (h *heard) begin(name string) error {
	if h.dir == "" {
		made, err := os.MkdirTemp("", "lineage-artifacts-")
		if err != nil {
			return err
		}
		h.dir = made
	}
	if err := os.MkdirAll(h.dir, 0o755); err != nil {
		return err
	}
	path := filepath.Join(h.dir, filepath.Base(name))
	file, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o644)
	if err != nil {
		return err
	}
	h.open[name] = file
	h.artifacts = append(h.artifacts, path)
	return nil
}

// finish says how the run ended.
func (h *heard) finish(level string, asJSON bool) error {
	if h.end == nil {
		return fmt.Errorf("the run was stopped because what it says cannot be written: %w", h.failure)
	}
	if !asJSON {
		if h.end.Reason != "" {
			fmt.Fprintf(h.stderr, "%s: %s\n", word("VERDICT_", h.end.Verdict.String()), h.end.Reason)
		}
		for _, path := range h.artifacts {
			fmt.Fprintln(h.stderr, "artifact:", path)
		}
		return nil
	}
	if h.midLine {
		fmt.Fprintln(h.stdout)
	}
	return json.NewEncoder(h.stdout).Encode(result{
		Verdict: word("VERDICT_", h.end.Verdict.String()), Limit: h.end.Limit, ExitStatus: h.end.ExitCode, ExitSignal: h.end.ExitSignal,
		Reason: h.end.Reason, Level: level, Diagnostics: h.diagnostics, Tests: h.tests.roots(), Stages: h.stages,
		Build: h.built, Artifacts: h.artifacts, SelfReported: h.end.SelfReported, Noisy: h.end.Noisy, AllAsleep: h.end.AllAsleep, Quiet: quietOf(h.end.Quiet), findings: h.findings,
	})
}

// quiet says how quiet the machine was while something was measured.
type quiet struct {
	Alone      bool    `json:"alone"`
	OtherCores float64 `json:"otherCores"`
	Cores      uint32  `json:"cores"`
}

func quietOf(q *pb.Quiet) *quiet {
	if q == nil {
		return nil
	}
	return &quiet{Alone: q.Alone, OtherCores: q.OtherCores, Cores: q.Cores}
}

// word makes the design's word of a name of the contract: VERDICT_TIMED_OUT is timed_out.
func word(prefix, name string) string { return strings.ToLower(strings.TrimPrefix(name, prefix)) }
