// Package installed says where the programs of the runner are. The agent starts itself again in slots: as what reads a
// profile there, as the tool of a tool, as a build cache.
package installed

import (
	"os"
	"path/filepath"
)

var other string

// Agent is the program that is started again: this one, or the one that Use named.
func Agent() (string, error) {
	if other != "" {
		return other, nil
	}
	return os.Executable()
}

// Beside is another program of the runner, in the directory where the agent is.
func Beside(name string) (string, error) {
	agent, err := Agent()
	return filepath.Join(filepath.Dir(agent), name), err
}

// Use has the agent at path started again instead of this program. It is for tests, whose own binary is built with the
// race detector and has them all in it: whatever is a slot's would take several times as long as in an agent.
func Use(path string) { other = path }
