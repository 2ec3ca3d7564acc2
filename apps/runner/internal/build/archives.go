package build

import (
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"lineage.dev/runner/internal/sandbox"
)

// maxArchiveBytes bounds the compiled packages that are kept.
const maxArchiveBytes = 256 << 20

// Archives keeps compiled packages of learners, so that an edit of one package compiles no other. Slots see them
// read-only.
type Archives struct {
	shelf shelf
}

// NewArchives keeps packages in dir, which it makes.
func NewArchives(dir string) (*Archives, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	return &Archives{shelf{dir: dir, most: maxArchiveBytes}}, nil
}

func (a *Archives) mount() sandbox.Mount {
	return sandbox.Mount{Source: a.shelf.dir, Target: a.shelf.dir}
}

// archiveKey names what a package is compiled to: its files, the packages of the module that it imports, and all that the
// command line says. Empty when the package is not to be kept.
func (p *planner) archiveKey(importPath, dir string, files []string, embeds []embedding, imports []string) string {
	if p.builder.Archives == nil || len(embeds) > 0 {
		return ""
	}
	contents := make([]File, 0, len(files))
	for _, name := range files {
		raw, err := os.ReadFile(filepath.Join(p.source, dir, name))
		if err != nil {
			return ""
		}
		// The name with its directory: positions are part of what is compiled.
		contents = append(contents, File{Path: filepath.Join(dir, name), Content: raw})
	}
	var below []string
	for _, path := range imports {
		if key, known := p.keys[path]; known {
			if key == "" {
				return ""
			}
			below = append(below, path+"="+key)
		}
	}
	sort.Strings(below)
	return hashOf(contents, planVersion, p.builder.Toolchain.Dir, p.against.dir, p.against.more, fmt.Sprint(p.request.Fuzz), importPath, strings.Join(below, ","))
}

// compileOnce is compile for a package that others may have compiled before; nil when its archive is kept.
func (p *planner) compileOnce(importPath, dir string, files []string, embeds []embedding, imports []string, base string) (*sandbox.Command, error) {
	key := p.archiveKey(importPath, dir, files, embeds, imports)
	p.keys[importPath] = key
	if key != "" {
		if kept, ok := p.builder.Archives.shelf.find(key); ok {
			p.archives[importPath] = kept
			return nil, nil
		}
	}
	command, err := p.compile(importPath, dir, files, embeds, base)
	if err != nil {
		return nil, err
	}
	if key != "" {
		p.made = append(p.made, madeArchive{key: key, path: p.archives[importPath]})
	}
	return &command, nil
}

// madeArchive is a package that this build compiles and others may use.
type madeArchive struct {
	key, path string
}

// keep puts the packages of a build that ended well where later ones find them.
func (a *Archives) keep(made []madeArchive) {
	for _, archive := range made {
		// What cannot be kept is compiled again.
		_, _ = a.shelf.put(archive.key, archive.path)
	}
}
