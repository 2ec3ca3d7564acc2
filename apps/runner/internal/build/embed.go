package build

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// writeEmbedConfig resolves //go:embed patterns among the learner's own files and writes the compiler's -embedcfg.
// A pattern that matches nothing is left out: the compiler reports it with its line.
func writeEmbedConfig(source, dir string, patterns []string, target string) (string, error) {
	config := struct {
		Patterns map[string][]string
		Files    map[string]string
	}{map[string][]string{}, map[string]string{}}
	base := filepath.Join(source, dir)
	for _, pattern := range patterns {
		matches, err := filepath.Glob(filepath.Join(base, filepath.FromSlash(strings.TrimPrefix(pattern, "all:"))))
		if err != nil {
			continue
		}
		for _, match := range matches {
			err := filepath.WalkDir(match, func(at string, entry fs.DirEntry, err error) error {
				if err != nil || entry.IsDir() {
					return err
				}
				name, err := filepath.Rel(base, at)
				if err != nil {
					return err
				}
				config.Patterns[pattern] = append(config.Patterns[pattern], filepath.ToSlash(name))
				// The compiler runs in the module's directory.
				config.Files[filepath.ToSlash(name)] = filepath.ToSlash(filepath.Join(dir, name))
				return nil
			})
			if err != nil {
				return "", fmt.Errorf("%w: %w", ErrFailed, err)
			}
		}
	}
	raw, err := json.Marshal(config)
	if err != nil {
		return "", err
	}
	return target, os.WriteFile(target, raw, 0o644)
}
