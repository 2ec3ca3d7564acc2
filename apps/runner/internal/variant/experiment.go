package variant

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// experiments are the settings of GOEXPERIMENT that can be asked for: those that change what a learner can see or
// measure. Each one takes a standard library of some 200 MB.
var experiments = []string{"nogreenteagc", "nosizespecializedmalloc", "norandomizedheapbase64", "nojsonv2"}

// ErrNoExperiment says that a setting is none of those that can be asked for, or that this release does not know it.
var ErrNoExperiment = errors.New("this runner has no such experiment of Go")

// Experiments lists the settings that the release knows.
func (s *Store) Experiments() []string {
	var known []string
	for _, name := range experiments {
		file := filepath.Join(s.toolchain.GOROOT, "src", "internal", "goexperiment", "exp_"+strings.TrimPrefix(name, "no")+"_on.go")
		if _, err := os.Stat(file); err == nil {
			known = append(known, name)
		}
	}
	return known
}

// ExperimentReady says whether Experiment has nothing left to do.
func (s *Store) ExperimentReady(name string) bool { return s.ready("experiment-" + name) }

// Experiment prepares a standard library that is compiled with this setting of GOEXPERIMENT, which takes half a minute
// once. progress is told how many packages are compiled, of how many.
func (s *Store) Experiment(ctx context.Context, name string, progress func(done, of int)) (*Std, error) {
	if !slices.Contains(s.Experiments(), name) {
		return nil, fmt.Errorf("%w: %s", ErrNoExperiment, name)
	}
	dir := filepath.Join(s.dir, "experiment-"+name)
	std := &Std{Dir: dir, CompileConfig: filepath.Join(dir, "compile.cfg"), LinkConfig: filepath.Join(dir, "link.cfg"), experiment: name}
	return std, s.once("experiment-"+name, func() error { return s.buildExperiment(ctx, std, progress) })
}

func (s *Store) buildExperiment(ctx context.Context, std *Std, progress func(done, of int)) error {
	if err := errors.Join(os.RemoveAll(std.Dir), os.MkdirAll(std.Dir, 0o755)); err != nil {
		return err
	}
	env := std.Env()
	names, err := s.goCommand(ctx, s.dir, env, "list", "std")
	if err != nil {
		return err
	}
	if err := s.goVerbose(ctx, env, progress, len(strings.Fields(string(names))), "build", "-v", "-trimpath", "std"); err != nil {
		return err
	}
	listed, err := s.goCommand(ctx, s.dir, env, "list", "-trimpath", "-export", "-f", "{{if .Export}}{{.ImportPath}}={{.Export}}{{end}}", "std")
	if err != nil {
		return err
	}
	if err := s.writeConfigs(std, listed); err != nil {
		return err
	}
	return s.compileInjected(ctx, std)
}
