// Package podprofile has the seccomp profile of runner pods on nodes where the runtime's own one forbids namespaces.
package podprofile

import (
	_ "embed"
	"fmt"
	"os"
	"path/filepath"
)

// Name is the file below a kubelet's folder of profiles, as a pod's securityContext says it.
const Name = "lineage/runner.json"

// Document is the profile in the form of the OCI runtime specification: what the agent needs to make slots with namespaces
// of their own, and what programs in them may call. Each slot's own filter takes the rest away again. It names the
// older call tables of each machine too: a call by one that is in no list would end a thread, where slots answer EPERM.
//
//go:embed runner.json
var Document []byte

// Install puts the profile below dir. A pod that starts meanwhile reads the old one or the new one, and never a part.
func Install(dir string) error {
	at := filepath.Join(dir, filepath.FromSlash(Name))
	if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
		return fmt.Errorf("seccomp profile: %w", err)
	}
	file, err := os.CreateTemp(filepath.Dir(at), ".runner-")
	if err != nil {
		return fmt.Errorf("seccomp profile: %w", err)
	}
	defer os.Remove(file.Name())
	_, err = file.Write(Document)
	if err == nil {
		err = file.Chmod(0o644)
	}
	if closing := file.Close(); err == nil {
		err = closing
	}
	if err == nil {
		err = os.Rename(file.Name(), at)
	}
	if err != nil {
		return fmt.Errorf("seccomp profile: %w", err)
	}
	return nil
}
