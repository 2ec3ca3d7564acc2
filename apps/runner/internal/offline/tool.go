package offline

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"lineage.dev/runner/internal/injected"
)

// Tools says what `lineage-runner toolexec` does to the tools of one build.
type Tools struct {
	// Source is the module's directory in the slot.
	Source string
	// Module is its path.
	Module string
	// Main are files that are compiled into package main beside what is there. When ReplaceMain is set, instead of it:
	// the go command's own main of a test binary gives way to ours.
	Main        []string
	ReplaceMain bool
	// Hidden is the directory of those files, which no crash names.
	Hidden string
	// Imports is an import configuration with what those files import.
	Imports string
	// Flags are further ones of the compiler for the module's own packages. The go command does not know of them: what it
	// makes with them has to go with the slot.
	Flags []string
	// First is the name of a file that is compiled before all others of its package, whose variables need its own.
	First string
}

// Toolexec runs one tool of the go command as config says. It does not return but with an error.
func Toolexec(config, tool string, args []string) error {
	raw, err := os.ReadFile(config)
	if err != nil {
		return err
	}
	var tools Tools
	if err := json.Unmarshal(raw, &tools); err != nil {
		return err
	}
	switch strings.TrimSuffix(filepath.Base(tool), ".exe") {
	case "compile":
		args, err = tools.compile(args)
	case "link":
		args, err = tools.link(args)
	}
	if err != nil {
		return err
	}
	// The C compiler is named without a place.
	if tool, err = exec.LookPath(tool); err != nil {
		return err
	}
	return syscall.Exec(tool, append([]string{tool}, args...), os.Environ())
}

// compile adds our files to package main, and makes the module's file names what the fast path makes of them.
func (t Tools) compile(args []string) ([]string, error) {
	path, ok := flagValue(args, "-p")
	if !ok {
		return args, nil // Asked for its version only.
	}
	args = append([]string(nil), args...)
	if path == t.Module || strings.HasPrefix(path, t.Module+"/") || path == "main" {
		t.shortenPaths(args)
		moveFirst(args, t.First)
	}
	if path != "main" && (path == t.Module || strings.HasPrefix(path, t.Module+"/") || strings.HasPrefix(path, t.Module+"_test")) {
		args = append(slices.Clone(t.Flags), args...)
	}
	if path != "main" || (len(t.Main) == 0 && !t.ReplaceMain) {
		return args, nil
	}
	if t.ReplaceMain {
		for len(args) > 0 && strings.HasSuffix(args[len(args)-1], ".go") {
			args = args[:len(args)-1]
		}
	}
	if err := t.addImports(args); err != nil {
		return nil, err
	}
	return append(args, t.Main...), nil
}

func (t Tools) link(args []string) ([]string, error) {
	if _, ok := flagValue(args, "-importcfg"); !ok {
		return args, nil
	}
	return args, t.addImports(args)
}

// addImports adds what our files need to the import configuration of one tool, which lies in the build's own
// directory. What is there already stays.
func (t Tools) addImports(args []string) error {
	file, ok := flagValue(args, "-importcfg")
	if !ok {
		return errors.New("offline: a tool without an import configuration")
	}
	given, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	more, err := os.ReadFile(t.Imports)
	if err != nil {
		return err
	}
	return os.WriteFile(file, mergeImports(given, more), 0o644)
}

// mergeImports adds what given has not. Of the runner's own packages those in more are taken: a module that a learner
// replaces could have any path.
func mergeImports(given, more []byte) []byte {
	known := map[string]bool{}
	var merged []byte
	for line := range strings.Lines(string(given)) {
		path, ok := packageOf(line)
		if ok && strings.HasPrefix(path, injected.Domain+"/") {
			continue
		}
		known[path] = ok
		merged = append(merged, line...)
	}
	if len(merged) > 0 && merged[len(merged)-1] != '\n' {
		merged = append(merged, '\n')
	}
	for line := range strings.Lines(string(more)) {
		if path, ok := packageOf(line); ok && !known[path] {
			merged = append(merged, line...)
		}
	}
	return merged
}

func packageOf(line string) (string, bool) {
	rest, ok := strings.CutPrefix(line, "packagefile ")
	if !ok {
		return "", false
	}
	path, _, ok := strings.Cut(rest, "=")
	return path, ok
}

// shortenPaths rewrites -trimpath in place: a file of the module is named relative to it, not below its path, so that a
// crash or a profile names files of the workspace.
func (t Tools) shortenPaths(args []string) {
	for i, arg := range args {
		if arg != "-trimpath" || i+1 == len(args) {
			continue
		}
		rules := strings.Split(args[i+1], ";")
		for j, rule := range rules {
			from, _, ok := strings.Cut(rule, "=>")
			if !ok || (from != t.Source && !strings.HasPrefix(from, t.Source+"/")) || strings.HasPrefix(from, t.Source+"/vendor/") {
				continue
			}
			rules[j] = from + "=>" + strings.TrimPrefix(strings.TrimPrefix(from, t.Source), "/")
		}
		if t.Hidden != "" {
			rules = append(rules, t.Hidden+"=>zz_lineage_main")
		}
		args[i+1] = strings.Join(rules, ";")
	}
}

// moveFirst moves a file before all others, in place.
func moveFirst(args []string, name string) {
	files := len(args)
	for files > 0 && strings.HasSuffix(args[files-1], ".go") {
		files--
	}
	for at, file := range args[files:] {
		if name != "" && filepath.Base(file) == name {
			copy(args[files+1:files+1+at], args[files:files+at])
			args[files] = file
			return
		}
	}
}

func flagValue(args []string, name string) (string, bool) {
	for i := range len(args) - 1 {
		if args[i] == name {
			return args[i+1], true
		}
	}
	return "", false
}
