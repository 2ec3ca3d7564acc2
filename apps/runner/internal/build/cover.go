package build

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/sys/unix"

	"lineage.dev/runner/internal/sandbox"
)

const (
	// CoverFDEnv names the descriptor of the memory in which a program counts.
	CoverFDEnv = "LINEAGE_COVER"
	// CoverMemoryBytes has room for a million counters; what is not used takes nothing.
	CoverMemoryBytes = 4 << 20
	// coverFile is compiled into each package that counts. A learner's file cannot have such a name.
	coverFile = "zz_lineage_cover.go"
	// maxCoverBlocks of all files of a program.
	maxCoverBlocks = 100_000
	// maxCoveredBytes bounds what cmd/cover makes of one file: a counter in front of each statement, and a table.
	maxCoveredBytes = 32 << 20
)

// CoveredFile is one file whose blocks are counted, and where its counters are.
type CoveredFile struct {
	Path    string
	Package string
	// Counter is the place of its first counter in the shared memory, in counters of four bytes.
	Counter int
	Blocks  []CoverBlock
	// LineSums are FNV-1a of its lines, without their ends.
	LineSums []uint32
}

// CoverBlock is statements that run together. Lines and columns (bytes) count from 1, and the end is after the last one.
type CoverBlock struct {
	StartLine, StartColumn, EndLine, EndColumn, Statements int
}

// cover makes the packages of a build count. The program does so in memory that it shares with the agent: counts are there
// however it ends, nothing in it waits for anything, and there is nothing to read but numbers.
//
// A file that cannot be made to count is compiled as it is; what is wrong with it the compiler says.
func (b *Builder) cover(ctx context.Context, request Request, order []*pkg, source, out string) ([]CoveredFile, error) {
	sources, err := b.instrument(ctx, request, order, source, out)
	if err != nil {
		return nil, err
	}
	var covered []CoveredFile
	page := os.Getpagesize() // A mapping begins on one.
	next, blocks := 0, 0
	for _, p := range order {
		at, counters := next, 0
		for _, one := range sources[p.importPath] {
			counters += len(one.blocks)
		}
		if blocks += counters; blocks > maxCoverBlocks || 4*(at+counters) > CoverMemoryBytes {
			return covered, nil
		}
		var vars strings.Builder
		for _, one := range sources[p.importPath] {
			n := len(one.blocks)
			if err := os.WriteFile(filepath.Join(source, p.dir, one.name), one.text, 0o644); err != nil {
				return nil, err
			}
			fmt.Fprintf(&vars, "\nvar %s = struct{ Count *[%d]uint32 }{(*[%d]uint32)(zz_lineage_unsafe.Pointer(&zz_lineage_counters[%d]))}\n", one.variable, n, n, at-next)
			covered = append(covered, CoveredFile{Path: path.Join(p.dir, one.name), Package: p.importPath, Counter: at, Blocks: one.blocks, LineSums: one.sums})
			at += n
		}
		if counters == 0 {
			continue
		}
		text := fmt.Sprintf(coverVariables, p.name, counters, counters, counters, 4*next, counters) + vars.String()
		if err := WriteFiles(filepath.Join(source, p.dir), []File{{Path: coverFile, Content: []byte(text)}}); err != nil {
			return nil, err
		}
		// First, so that what it declares is there before any variable of the package.
		p.files = append([]string{coverFile}, p.files...)
		next = (4*at + page - 1) / page * page / 4
	}
	return covered, nil
}

// coverVariables gives a package its part of the shared memory, or memory of its own where there is none.
const coverVariables = `package %s

import (
	zz_lineage_syscall "syscall"
	zz_lineage_unsafe "unsafe"
)

var zz_lineage_counters = func(from, most int) *[%d]uint32 {
	text, _ := zz_lineage_syscall.Getenv("` + CoverFDEnv + `")
	fd := 0
	for _, digit := range text {
		fd = fd*10 + int(digit-'0')
	}
	if fd > 2 {
		memory, err := zz_lineage_syscall.Mmap(fd, int64(from), 4*most, zz_lineage_syscall.PROT_READ|zz_lineage_syscall.PROT_WRITE, zz_lineage_syscall.MAP_SHARED)
		if err == nil {
			return (*[%d]uint32)(zz_lineage_unsafe.Pointer(&memory[0]))
		}
	}
	return new([%d]uint32)
}(%d, %d)
`

// instrumented is a source file with counters.
type instrumented struct {
	name     string
	text     []byte
	variable string
	blocks   []CoverBlock
	sums     []uint32
	// lengths of its lines in bytes.
	lengths []int
}

// instrument runs cmd/cover, in a slot, on every file that no build has seen before.
func (b *Builder) instrument(ctx context.Context, request Request, order []*pkg, source, out string) (map[string][]instrumented, error) {
	dir := filepath.Join(out, "cover")
	// The tools' user makes the files in it; the agent takes them without following links.
	if err := errors.Join(os.Mkdir(dir, 0o755), os.Chmod(dir, 0o777)); err != nil {
		return nil, err
	}
	type wanted struct {
		importPath, key, made string
		file                  instrumented
	}
	var all []wanted
	var commands []sandbox.Command
	for _, p := range order {
		for _, name := range p.files {
			raw, err := os.ReadFile(filepath.Join(source, p.dir, name))
			if err != nil {
				return nil, err
			}
			key := coverKey(b.Toolchain.Dir, name, raw)
			w := wanted{importPath: p.importPath, key: key, made: filepath.Join(dir, fmt.Sprint(len(all))),
				file: instrumented{name: name, variable: "zz_lineage_" + key[len(coverPrefix):len(coverPrefix)+16]}}
			w.file.sums, w.file.lengths = measureLines(raw)
			if _, kept := b.coverKept(key); !kept {
				args := []string{"-mode=count", "-var=" + w.file.variable, "-o", w.made, path.Join(p.dir, name)}
				commands = append(commands, sandbox.Command{Path: b.Toolchain.Tool("cover"), Args: args})
			}
			all = append(all, w)
		}
	}
	if err := b.runCover(ctx, request, commands); err != nil {
		return nil, err
	}
	found := map[string][]instrumented{}
	for _, w := range all {
		text, err := b.covered(w.key, w.made)
		if err != nil {
			continue
		}
		var ok bool
		if w.file.text, w.file.blocks, ok = parseCovered(text, w.file.variable, w.file.lengths); ok && len(w.file.blocks) > 0 {
			found[w.importPath] = append(found[w.importPath], w.file)
		}
	}
	return found, nil
}

// coverPrefix tells instrumented sources from the archives they are kept among.
const coverPrefix = "cover-"

func coverKey(toolchain, name string, text []byte) string {
	sum := sha256.Sum256(slices.Concat([]byte(planVersion+"\n"+toolchain+"\n"+name+"\n"), text))
	return coverPrefix + hex.EncodeToString(sum[:])
}

func (b *Builder) coverKept(key string) (string, bool) {
	if b.Archives == nil {
		return "", false
	}
	return b.Archives.shelf.find(key)
}

// covered returns what cmd/cover made of a file, and keeps it for other builds.
func (b *Builder) covered(key, made string) ([]byte, error) {
	if kept, ok := b.coverKept(key); ok {
		return os.ReadFile(kept)
	}
	text, err := readMade(made)
	if err == nil && b.Archives != nil {
		_, _ = b.Archives.shelf.put(key, made) // What cannot be kept is made again.
	}
	return text, err
}

// readMade reads a file that somebody in a slot wrote.
func readMade(name string) ([]byte, error) {
	fd, err := unix.Open(name, unix.O_RDONLY|unix.O_NOFOLLOW|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	file := os.NewFile(uintptr(fd), name)
	defer file.Close()
	if info, err := file.Stat(); err != nil || !info.Mode().IsRegular() || info.Size() > maxCoveredBytes {
		return nil, errNotProgram
	}
	return io.ReadAll(io.LimitReader(file, maxCoveredBytes))
}

// runCover runs the commands one after the other. A slot stops at the first that fails, so it is one slot for each file
// that does not parse: the next one goes on behind it.
func (b *Builder) runCover(ctx context.Context, request Request, commands []sandbox.Command) error {
	for wrong := 0; len(commands) > 0 && wrong < maxWrongPackages; wrong++ {
		spec, err := b.specOf(request)
		if err != nil {
			return err
		}
		spec.Commands = commands
		_, outcome, err := runTools(ctx, spec)
		switch {
		case err != nil:
			return err
		case outcome.Cancelled:
			return context.Canceled
		case !outcome.Failed() || outcome.Failure != "" || outcome.Limit != "" || outcome.TimedOut:
			return nil
		}
		commands = commands[min(outcome.Step+1, len(commands)):]
	}
	return nil
}

// measureLines returns for each line the hash by which one of another text is found to be the same, and its length.
func measureLines(text []byte) (sums []uint32, lengths []int) {
	for line := range strings.SplitSeq(string(text), "\n") {
		line = strings.TrimSuffix(line, "\r")
		h := fnv.New32a()
		_, _ = io.WriteString(h, line)
		sums, lengths = append(sums, h.Sum32()), append(lengths, len(line))
	}
	return sums, lengths
}
