package traceback

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
)

const raceText = `started
==================
WARNING: DATA RACE
Read at 0x00c0000940f8 by goroutine 9:
  main.(*counter).read()
      sub/counter.go:4 +0x2e
  main.main.func1()
      main.go:12 +0x44

Previous write at 0x00c0000940f8 by main goroutine:
  main.set[go.shape.int]()
      main.go:20 +0x44

Goroutine 9 (running) created at:
  sync.(*WaitGroup).Go()
      sync/waitgroup.go:238 +0x72
  main.main()
      main.go:11 +0x1d
==================
Found 1 data race(s)
exit status 66
`

func races(chunks ...string) []Race {
	var found []Race
	reader := RaceReader{Found: func(r Race) { found = append(found, r) }}
	for _, chunk := range chunks {
		_, _ = reader.Write([]byte(chunk))
	}
	return found
}

func TestRaceReportHasBothStacksAndTheGoroutinesStart(t *testing.T) {
	want := Race{
		First: Access{Address: 0xc0000940f8, Goroutine: 9,
			Stack:   Stack{Frames: []Frame{{"main.(*counter).read", "sub/counter.go", 4}, {"main.main.func1", "main.go", 12}}},
			Created: Stack{Frames: []Frame{{"sync.(*WaitGroup).Go", "sync/waitgroup.go", 238}, {"main.main", "main.go", 11}}}},
		Second: Access{Write: true, Address: 0xc0000940f8, Stack: Stack{Frames: []Frame{{"main.set[go.shape.int]", "main.go", 20}}}},
	}
	for name, chunks := range map[string][]string{"at once": {raceText}, "by byte": strings.Split(raceText, "")} {
		if found := races(chunks...); !reflect.DeepEqual(found, []Race{want}) {
			t.Errorf("%s: %+v", name, found)
		}
	}
}

func TestRaceReportAfterAnUnfinishedLineAndBesideOtherWordsIsFound(t *testing.T) {
	text := strings.ReplaceAll("progress 10%"+strings.TrimPrefix(raceText, "started\n"), "main.main.func1()", "main.main.func1()")
	text = strings.Replace(text, "Previous write", "my own words\nPrevious atomic write", 1)
	found := races(text)
	if len(found) != 1 || !found[0].Second.Atomic || !found[0].Second.Write || len(found[0].First.Stack.Frames) != 2 {
		t.Fatalf("%+v", found)
	}
}

func TestHalfAReportIsNone(t *testing.T) {
	half := raceText[:strings.Index(raceText, "Previous")]
	if found := races(half + "\n==================\n"); len(found) != 0 {
		t.Fatalf("%+v", found)
	}
}

const crashText = `some words
panic: first
	panic: second [recovered, repanicked]
[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x47e2a1]

goroutine 7 gp=0xc000002380 m=0 mp=0x5a3e20 [running, locked to thread] {job: "x"}:
panic({0x4a1b20?, 0xc000012345?})
	runtime/panic.go:792 +0x132
main.(*T).fail(...)
	main.go:9
main.outer[...](0x1, {0x2, 0x3})
	sub/a.go:14 +0x1d
...23 frames elided...
created by main.main in goroutine 1
	main.go:30 +0x5c

goroutine 1 [chan receive (leaked), 12 minutes]:
main.main()
	main.go:31 +0x7c
exit status 2
`

func TestCrashHasMessageGoroutinesAndLines(t *testing.T) {
	crash, ok := ParseCrash(crashText)
	if !ok || crash.Kind != Panic || !strings.HasPrefix(crash.Message, "first\n\tpanic: second") || !strings.Contains(crash.Message, "SIGSEGV") {
		t.Fatalf("%v %+v", ok, crash)
	}
	want := []Goroutine{
		{ID: 7, State: "running", LockedToThread: true, CreatedBy: Frame{"main.main", "main.go", 30}, CreatedIn: 1,
			Stack: Stack{Elided: true, Frames: []Frame{{"panic", "runtime/panic.go", 792}, {"main.(*T).fail", "main.go", 9}, {"main.outer[...]", "sub/a.go", 14}}}},
		{ID: 1, State: "chan receive (leaked)", WaitMinutes: 12, Stack: Stack{Frames: []Frame{{"main.main", "main.go", 31}}}},
	}
	if !reflect.DeepEqual(crash.Goroutines, want) {
		t.Fatalf("%+v", crash.Goroutines)
	}
}

func TestKindsOfCrashesAreToldApart(t *testing.T) {
	for text, kind := range map[string]CrashKind{
		"fatal error: all goroutines are asleep - deadlock!\n\ngoroutine 1 [select (no cases)]:\nmain.main()\n\tmain.go:3 +0x1\n": Fatal,
		"SIGQUIT: quit\nPC=0x46 m=0 sigcode=0\n\ngoroutine 1 [running]:\nmain.main()\n\tmain.go:3 +0x1\n":                         Signal,
		"panic: x\n\ngoroutine 1 [running]:\nmain.main()\n\tmain.go:3 +0x1\n":                                                     Panic,
	} {
		crash, ok := ParseCrash(text)
		if !ok || crash.Kind != kind || len(crash.Goroutines) != 1 || crash.Goroutines[0].Stack.Frames[0].Line != 3 {
			t.Errorf("%q: %v %+v", text, ok, crash)
		}
	}
}

func TestTextWithoutGoroutinesIsNoCrash(t *testing.T) {
	for _, text := range []string{"", "panic: said the program\n", "goroutine 1 [running]:\nmain.main()\n\tmain.go:1 +0x1\n", "\n\n"} {
		if crash, ok := ParseCrash(text); ok {
			t.Errorf("%q: %+v", text, crash)
		}
	}
}

func TestManyGoroutinesAndFramesAreBounded(t *testing.T) {
	var text strings.Builder
	text.WriteString("panic: many\n\n")
	for g := range 2 * MaxGoroutines {
		fmt.Fprintf(&text, "goroutine %d [running]:\n%s\n", g+1, strings.Repeat("main.f()\n\tmain.go:1 +0x1\n", 2*MaxFrames))
	}
	crash, ok := ParseCrash(text.String())
	if !ok || !crash.Truncated || len(crash.Goroutines) != MaxGoroutines || len(crash.Goroutines[0].Stack.Frames) != MaxFrames || !crash.Goroutines[0].Stack.Elided {
		t.Fatalf("%v, %d goroutines", ok, len(crash.Goroutines))
	}
}

func checkStack(t *testing.T, stack Stack) {
	t.Helper()
	if len(stack.Frames) > MaxFrames {
		t.Fatalf("%d frames", len(stack.Frames))
	}
	for _, frame := range stack.Frames {
		if frame.Function == "" || frame.Line < 0 || len(frame.File) > maxName || len(frame.Function) > maxName {
			t.Fatalf("%+v", frame)
		}
	}
}

func FuzzRaceReports(f *testing.F) {
	f.Add([]byte(raceText))
	f.Add([]byte("==================\nWARNING: DATA RACE\nWrite at 0x1 by goroutine 99999999999999999999:\n  (\n\n=================="))
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, race := range races(string(text)) {
			for _, access := range []Access{race.First, race.Second} {
				checkStack(t, access.Stack)
				checkStack(t, access.Created)
			}
		}
	})
}

func FuzzCrash(f *testing.F) {
	f.Add(crashText)
	f.Add("panic: \n\ngoroutine 0 []:\ncreated by \n\t:1\n")
	f.Fuzz(func(t *testing.T, text string) {
		crash, ok := ParseCrash(text)
		if ok != (len(crash.Goroutines) > 0) || len(crash.Goroutines) > MaxGoroutines || len(crash.Message) > maxMessage {
			t.Fatalf("%v %d goroutines", ok, len(crash.Goroutines))
		}
		for _, g := range crash.Goroutines {
			checkStack(t, g.Stack)
		}
	})
}
