package traceback

import (
	"regexp"
	"strconv"
	"strings"

	"lineage.dev/runner/internal/lines"
)

// maxRaceLine bounds one line of a report; a longer one is some other text.
const maxRaceLine = 8 << 10

// Access is one of the two sides of a data race.
type Access struct {
	Write  bool
	Atomic bool
	// Address is that of the memory.
	Address uint64
	// Goroutine is its number; 0 is the main goroutine.
	Goroutine uint64
	Stack     Stack
	// Created is where the goroutine was started; empty for the main one.
	Created Stack
}

// Race is one report of the race detector. Second happened before First without anything that orders them.
type Race struct{ First, Second Access }

var (
	accessLine  = regexp.MustCompile(`^(Previous )?(?i:(atomic )?(read|write)) at 0x([0-9a-f]+) by (?:goroutine (\d+)|main goroutine):$`)
	createdLine = regexp.MustCompile(`^Goroutine (\d+) \([^)]*\) created at:$`)
)

const (
	raceFence = "=================="
	raceTitle = "WARNING: DATA RACE"
)

// RaceReader finds reports in a program's standard error as it comes.
type RaceReader struct {
	// Found is called with each whole report.
	Found func(Race)

	lines  lines.Splitter
	report *raceReport
}

type raceReport struct {
	race     Race
	accesses int
	created  map[uint64]Stack
	// at is what the frames that follow belong to.
	at     stackReader
	finish func(Stack)
}

// Write takes the next bytes of the stream and never fails.
func (r *RaceReader) Write(data []byte) (int, error) {
	r.lines.Split(data, maxRaceLine, r.line)
	return len(data), nil
}

func (r *RaceReader) line(line string) {
	// A program may have printed without ending its line; what the detector wrote is after it.
	if strings.HasSuffix(line, raceFence) {
		r.close()
		return
	}
	if line == raceTitle {
		r.report = &raceReport{created: map[uint64]Stack{}}
		return
	}
	if r.report != nil {
		r.report.line(line)
	}
}

func (r *RaceReader) close() {
	report := r.report
	r.report = nil
	if report == nil {
		return
	}
	report.endStack()
	if report.accesses != 2 {
		return
	}
	for _, access := range []*Access{&report.race.First, &report.race.Second} {
		access.Created = report.created[access.Goroutine]
	}
	r.Found(report.race)
}

func (p *raceReport) line(line string) {
	if match := accessLine.FindStringSubmatch(line); match != nil {
		p.endStack()
		p.access(match)
		return
	}
	if match := createdLine.FindStringSubmatch(line); match != nil {
		p.endStack()
		goroutine := number(match[1])
		p.finish = func(stack Stack) { p.created[goroutine] = stack }
		return
	}
	if strings.TrimSpace(line) == "" {
		p.endStack()
		return
	}
	if p.finish != nil {
		p.at.line(line)
	}
}

func (p *raceReport) access(match []string) {
	address, err := strconv.ParseUint(match[4], 16, 64)
	if err != nil || p.accesses == 2 {
		return
	}
	at := &p.race.First
	if p.accesses == 1 {
		at = &p.race.Second
	}
	p.accesses++
	*at = Access{
		Write: strings.EqualFold(match[3], "write"), Atomic: match[2] != "", Address: address, Goroutine: number(match[5]),
	}
	p.finish = func(stack Stack) { at.Stack = stack }
}

func (p *raceReport) endStack() {
	if p.finish != nil {
		p.finish(p.at.stack)
	}
	p.finish, p.at = nil, stackReader{}
}
