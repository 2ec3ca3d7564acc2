package cgroup

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// unified is the name that version 2 has among controllers here; in /proc/PID/cgroup it has none.
const unified = ""

// places says where hierarchies are mounted, and where in each this process is.
type places struct {
	mounts map[string]mount
	paths  map[string]string
}

// mount shows the part root of a hierarchy at the directory at.
type mount struct{ root, at string }

func findPlaces(proc string) (places, error) {
	mounts, err := os.ReadFile(filepath.Join(proc, "mountinfo"))
	if err != nil {
		return places{}, err
	}
	own, err := os.ReadFile(filepath.Join(proc, "cgroup"))
	if err != nil {
		return places{}, err
	}
	return places{mounts: mountsOf(string(mounts)), paths: pathsOf(string(own))}, nil
}

// mountsOf reads /proc/PID/mountinfo: root and mount point are the fourth and fifth field, after a "-" come the type, the
// source and the options, among which are the controllers of version 1.
func mountsOf(info string) map[string]mount {
	found := map[string]mount{}
	for line := range strings.Lines(info) {
		before, after, ok := strings.Cut(line, " - ")
		fields, kind := strings.Fields(before), strings.Fields(after)
		if !ok || len(fields) < 5 || len(kind) < 3 {
			continue
		}
		at := mount{root: unescape(fields[3]), at: unescape(fields[4])}
		switch kind[0] {
		case "cgroup2":
			found[unified] = at
		case "cgroup":
			for _, option := range strings.Split(kind[2], ",") {
				if slices.Contains(controllers, option) {
					found[option] = at
				}
			}
		}
	}
	return found
}

// pathsOf reads /proc/PID/cgroup: number, controllers and path, with colons between.
func pathsOf(own string) map[string]string {
	found := map[string]string{}
	for line := range strings.Lines(own) {
		parts := strings.SplitN(strings.TrimSuffix(line, "\n"), ":", 3)
		if len(parts) < 3 {
			continue
		}
		for _, controller := range strings.Split(parts[1], ",") {
			found[controller] = parts[2]
		}
	}
	return found
}

// own is the directory of this process's group for a controller.
func (p places) own(controller string) (string, bool) {
	at, mounted := p.mounts[controller]
	path, listed := p.paths[controller]
	if !mounted || !listed {
		return "", false
	}
	below, err := filepath.Rel(at.root, path)
	if err != nil || below == ".." || strings.HasPrefix(below, "../") {
		return "", false // What is mounted is another part of the hierarchy.
	}
	return filepath.Join(at.at, below), true
}

// unescape undoes the octal escapes that mountinfo has for spaces and the like.
func unescape(field string) string {
	var out strings.Builder
	for i := 0; i < len(field); i++ {
		var octal int
		if field[i] == '\\' && i+3 < len(field) {
			if n, _ := fmt.Sscanf(field[i+1:i+4], "%3o", &octal); n == 1 {
				out.WriteByte(byte(octal))
				i += 3
				continue
			}
		}
		out.WriteByte(field[i])
	}
	return out.String()
}
