package build

import (
	"encoding/json"
	"fmt"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	modulepath "golang.org/x/mod/module"
)

// embedding is a pattern of a //go:embed line and where it stands.
type embedding struct {
	pattern string
	at      token.Position
}

func embeddings(patterns []string, at map[string][]token.Position) []embedding {
	found := make([]embedding, 0, len(patterns))
	for _, pattern := range patterns {
		one := embedding{pattern: pattern}
		if places := at[pattern]; len(places) > 0 {
			one.at = places[0]
		}
		found = append(found, one)
	}
	return found
}

// writeEmbedConfig writes the compiler's -embedcfg for patterns that resolveEmbeds found no fault with.
func writeEmbedConfig(source, dir string, embeds []embedding, target string) error {
	config := struct {
		Patterns map[string][]string
		Files    map[string]string
	}{Files: map[string]string{}}
	var problem *Diagnostic
	if config.Patterns, problem = resolveEmbeds(source, dir, embeds); problem != nil {
		return fmt.Errorf("%w: %s", ErrFailed, problem.Message)
	}
	for _, names := range config.Patterns {
		for _, name := range names {
			// The compiler runs in the module's directory.
			config.Files[name] = path.Join(dir, name)
		}
	}
	raw, err := json.Marshal(config)
	if err != nil {
		return err
	}
	return os.WriteFile(target, raw, 0o644)
}

// resolveEmbeds finds the files of each pattern among the learner's own, by the rules of the go command
// (cmd/go/internal/load, resolveEmbed), or says what is wrong with the first bad one in its words.
func resolveEmbeds(source, dir string, embeds []embedding) (map[string][]string, *Diagnostic) {
	files := os.DirFS(filepath.Join(source, filepath.FromSlash(dir)))
	found := map[string][]string{}
	for _, embed := range embeds {
		names, wrong := resolveEmbed(files, embed.pattern)
		if wrong != "" {
			return nil, &Diagnostic{Path: path.Join(dir, filepath.Base(embed.at.Filename)), Line: max(1, embed.at.Line), Column: max(1, embed.at.Column),
				Message: fmt.Sprintf("pattern %s: %s", embed.pattern, wrong), Source: "compile"}
		}
		found[embed.pattern] = names
	}
	return found, nil
}

func resolveEmbed(files fs.FS, pattern string) (names []string, wrong string) {
	glob, all := strings.CutPrefix(pattern, "all:")
	if _, err := path.Match(glob, ""); err != nil || glob == "." || !fs.ValidPath(glob) {
		return nil, "invalid pattern syntax"
	}
	matches, err := fs.Glob(files, glob)
	if err != nil {
		return nil, "invalid pattern syntax"
	}
	for _, match := range matches {
		info, err := fs.Stat(files, match)
		if err != nil {
			return nil, "no matching files found"
		}
		if wrong := refusedEmbed(files, match, info.IsDir()); wrong != "" {
			return nil, wrong
		}
		if !info.IsDir() {
			names = append(names, match)
			continue
		}
		below := embedDirectory(files, match, all)
		if len(below) == 0 {
			return nil, fmt.Sprintf("cannot embed directory %s: contains no embeddable files", match)
		}
		names = append(names, below...)
	}
	if len(names) == 0 {
		return nil, "no matching files found"
	}
	slices.Sort(names)
	return slices.Compact(names), ""
}

// refusedEmbed says why a match, or a directory above it, could not be part of a module.
func refusedEmbed(files fs.FS, match string, isDir bool) string {
	what := "file"
	if isDir {
		what = "directory"
	}
	for at := match; at != "."; at = path.Dir(at) {
		if _, err := fs.Stat(files, path.Join(at, "go.mod")); err == nil {
			return fmt.Sprintf("cannot embed %s %s: in different module", what, match)
		}
		switch name := path.Base(at); {
		case !badEmbedName(name):
		case at == match:
			return fmt.Sprintf("cannot embed %s %s: invalid name %s", what, match, name)
		default:
			return fmt.Sprintf("cannot embed %s %s: in invalid directory %s", what, match, name)
		}
	}
	return ""
}

// embedDirectory lists the files below a directory, without hidden ones unless all are wanted, and without other modules.
func embedDirectory(files fs.FS, dir string, all bool) (names []string) {
	_ = fs.WalkDir(files, dir, func(at string, entry fs.DirEntry, err error) error {
		if err != nil {
			return nil // Files are the learner's own and ours to read.
		}
		name := entry.Name()
		hidden := at != dir && (badEmbedName(name) || ((name[0] == '.' || name[0] == '_') && !all))
		_, module := fs.Stat(files, path.Join(at, "go.mod"))
		switch {
		case entry.IsDir() && (hidden || (at != dir && module == nil)):
			return fs.SkipDir
		case !entry.IsDir() && !hidden:
			names = append(names, at)
		}
		return nil
	})
	return names
}

func badEmbedName(name string) bool {
	switch name {
	case "", ".bzr", ".hg", ".git", ".svn":
		return true
	}
	return modulepath.CheckFilePath(name) != nil
}
