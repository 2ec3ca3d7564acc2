package main

import (
	"encoding/json"
	"fmt"

	"google.golang.org/protobuf/encoding/protojson"

	pb "lineage.dev/runner/internal/gen/lineage/runner/v1"
)

// findings are what the runner read out of a run: none of it decides the verdict.
type findings struct {
	Races []race `json:"races"`
	Crash *crash `json:"crash"`
	// Formatted and Remarks are there for the kinds that make them.
	Formatted []formatted `json:"formatted,omitempty"`
	Remarks   []remark    `json:"remarks,omitempty"`
	// Events are what else was told, in protobuf's JSON form, in order.
	Events []json.RawMessage `json:"events,omitempty"`
}

type formatted struct {
	Path    string `json:"path"`
	Content string `json:"content"`
}

type remark struct {
	Path    string   `json:"path"`
	Line    uint32   `json:"line"`
	Column  uint32   `json:"column"`
	Kind    string   `json:"kind"`
	Message string   `json:"message"`
	Flow    []string `json:"flow,omitempty"`
}

type frame struct {
	Function    string `json:"function"`
	Path        string `json:"path"`
	Line        uint32 `json:"line"`
	InWorkspace bool   `json:"inWorkspace"`
}

type race struct {
	Accesses []access `json:"accesses"`
}

type access struct {
	Write     bool    `json:"write"`
	Atomic    bool    `json:"atomic"`
	Address   string  `json:"address"`
	Goroutine uint64  `json:"goroutine"`
	Stack     []frame `json:"stack"`
	Created   []frame `json:"created"`
}

type crash struct {
	Kind       string      `json:"kind"`
	Message    string      `json:"message"`
	Goroutines []goroutine `json:"goroutines"`
	Truncated  bool        `json:"truncated"`
}

type goroutine struct {
	ID             uint64  `json:"id"`
	State          string  `json:"state"`
	WaitMinutes    uint32  `json:"waitMinutes"`
	LockedToThread bool    `json:"lockedToThread"`
	Stack          []frame `json:"stack"`
	CreatedBy      *frame  `json:"createdBy"`
	CreatedIn      uint64  `json:"createdIn"`
}

func newFindings() findings { return findings{Races: []race{}} }

// take keeps an event that carries a finding.
func (f *findings) take(event *pb.ExecuteResponse) {
	switch e := event.Event.(type) {
	case *pb.ExecuteResponse_Race:
		f.Races = append(f.Races, raceOf(e.Race))
	case *pb.ExecuteResponse_Crash:
		f.Crash = crashOf(e.Crash)
	case *pb.ExecuteResponse_Formatted:
		f.Formatted = append(f.Formatted, formatted{Path: e.Formatted.Path, Content: string(e.Formatted.Content)})
	case *pb.ExecuteResponse_Remark:
		m := e.Remark
		f.Remarks = append(f.Remarks, remark{Path: m.Path, Line: m.Line, Column: m.Column, Kind: m.Kind, Message: m.Message, Flow: m.Flow})
	default:
		if raw, err := protojson.Marshal(event); err == nil {
			f.Events = append(f.Events, raw)
		}
	}
}

func raceOf(told *pb.Race) race {
	var r race
	for _, a := range told.Accesses {
		r.Accesses = append(r.Accesses, access{
			Write: a.Write, Atomic: a.Atomic, Address: fmt.Sprintf("%#x", a.Address), Goroutine: a.Goroutine,
			Stack: framesOf(a.Stack), Created: framesOf(a.Created),
		})
	}
	return r
}

func crashOf(told *pb.Crash) *crash {
	c := &crash{Kind: told.Kind, Message: told.Message, Truncated: told.Truncated, Goroutines: []goroutine{}}
	for _, g := range told.Goroutines {
		made := goroutine{ID: g.Id, State: g.State, WaitMinutes: g.WaitMinutes, LockedToThread: g.LockedToThread, Stack: framesOf(g.Stack), CreatedIn: g.CreatedIn}
		if g.CreatedBy != nil {
			by := frameOf(g.CreatedBy)
			made.CreatedBy = &by
		}
		c.Goroutines = append(c.Goroutines, made)
	}
	return c
}

func framesOf(stack *pb.Stack) []frame {
	frames := []frame{}
	for _, f := range stack.GetFrames() {
		frames = append(frames, frameOf(f))
	}
	return frames
}

func frameOf(f *pb.Frame) frame {
	return frame{Function: f.Function, Path: f.Path, Line: f.Line, InWorkspace: f.InWorkspace}
}
