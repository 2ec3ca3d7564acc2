// Package installedtest installs the runner for tests, so that what they start in slots is what an agent starts there.
package installedtest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"lineage.dev/runner/internal/installed"
)

// Build puts the runner's programs into dir, as an installation has them, and has them used.
func Build(dir string) error {
	cmd := exec.Command("go", "build", "-trimpath", "-o", dir+string(filepath.Separator), "lineage.dev/runner/cmd/...")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if said, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("the runner cannot be built: %w: %s", err, said)
	}
	Use(dir)
	return nil
}

// Use is for a process that another one started which called Build.
func Use(dir string) { installed.Use(filepath.Join(dir, "lineage-runner")) }
