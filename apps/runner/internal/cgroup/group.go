package cgroup

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"
)

// Unbounded is no limit on tasks, UnboundedMemory none on memory.
const (
	Unbounded       = 1 << 21
	UnboundedMemory = 1 << 60
)

// Limits bound a group: bytes of memory, files in memory included, and processes with their threads.
type Limits struct {
	Memory uint64
	Tasks  int
}

// Usage is what the kernel counts for a group.
type Usage struct {
	// CPU since the group was taken.
	CPU time.Duration
	// Memory in bytes: that of processes, of files in memory or read through it, and the kernel's own for them.
	Memory uint64
	// Tasks are processes and threads.
	Tasks int
}

// Group is one slot's.
type Group struct {
	tree  *Tree
	paths paths
	// members is how many tasks of ours are in it.
	members            int
	cpu, memory, tasks *os.File
	// unit of the processor time that the kernel tells.
	unit     time.Duration
	began    time.Duration
	killed   uint64
	start    func(*exec.Cmd, func(*exec.Cmd) error) error
	close    func()
	limitsOf func(Limits) error
}

// paths are the files of a group, as its version calls them.
type paths struct {
	dirs                     []string
	cpu, memory, tasks, ends string
}

func (g *Group) openFiles() error {
	var errs [3]error
	g.cpu, errs[0] = os.Open(g.paths.cpu)
	g.memory, errs[1] = os.Open(g.paths.memory)
	g.tasks, errs[2] = os.Open(g.paths.tasks)
	return errors.Join(errs[:]...)
}

func (g *Group) begin(limits Limits) error {
	limits.Memory += readNumber(g.memory) // Of files that were read or made in it before.
	if err := g.limitsOf(limits); err != nil {
		return err
	}
	g.began, g.killed = 0, 0
	g.began = g.Usage().CPU
	g.killed = g.ended()
	return nil
}

// Start starts cmd in the group; start is what starts a command otherwise.
func (g *Group) Start(cmd *exec.Cmd, start func(*exec.Cmd) error) error { return g.start(cmd, start) }

// Usage reads three small files that stay open; what cannot be read is 0.
func (g *Group) Usage() Usage {
	return Usage{
		CPU:    time.Duration(readNumber(g.cpu))*g.unit - g.began,
		Memory: readNumber(g.memory),
		Tasks:  max(0, int(readNumber(g.tasks))-g.members),
	}
}

// OutOfMemory says whether the kernel ended something in the group for its limit of memory since it was taken.
func (g *Group) OutOfMemory() bool { return g.ended() > g.killed }

// ended is how many processes the kernel ended for want of memory; both versions have a line of that.
func (g *Group) ended() uint64 {
	said, err := os.ReadFile(g.paths.ends)
	if err != nil {
		return 0
	}
	for line := range bytes.Lines(said) {
		if after, ok := bytes.CutPrefix(line, []byte("oom_kill ")); ok {
			return number(after)
		}
	}
	return 0
}

const (
	// emptyWithin is how long what was killed may take to leave.
	emptyWithin = 2 * time.Second
	emptyPause  = time.Millisecond
)

// mostLeft is how much memory of what was in a group before may be charged to it: what its files in memory have is until
// they are removed.
const mostLeft = 32 << 20

// Release gives the group back and returns at once. Everything in it has been ended; what still leaves is waited for.
func (g *Group) Release() {
	go func() {
		defer g.tree.lent.Done()
		g.release()
	}()
}

func (g *Group) release() {
	deadline := time.Now().Add(emptyWithin)
	for g.Usage().Tasks > 0 && time.Now().Before(deadline) {
		time.Sleep(emptyPause)
	}
	if usage := g.Usage(); usage.Tasks > 0 || usage.Memory > mostLeft || !g.tree.keep(g) {
		g.remove()
	}
}

func (g *Group) remove() {
	for _, file := range []*os.File{g.cpu, g.memory, g.tasks} {
		if file != nil {
			_ = file.Close()
		}
	}
	g.close()
	for _, dir := range g.paths.dirs {
		_ = os.Remove(dir) // One that somebody is in yet is removed by the next agent.
	}
}

// readNumber reads the number that a file holds, or that its first line ends with.
func readNumber(file *os.File) uint64 {
	var buffer [64]byte
	n, _ := file.ReadAt(buffer[:], 0)
	line, _, _ := bytes.Cut(buffer[:n], []byte("\n"))
	if at := bytes.LastIndexByte(line, ' '); at >= 0 {
		line = line[at+1:]
	}
	return number(line)
}

func number(text []byte) uint64 {
	n, err := strconv.ParseUint(string(bytes.TrimSpace(text)), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// write puts a value into a file of a group, which has to be there.
func write(dir, name, value string) error {
	file, err := os.OpenFile(filepath.Join(dir, name), os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = file.WriteString(value)
	return errors.Join(err, file.Close())
}
