package sandbox

import (
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"syscall"

	ll "github.com/landlock-lsm/go-landlock/landlock/syscall"
	"golang.org/x/sys/unix"
)

// scopeABI is the first version of Landlock that keeps signals and abstract sockets within a domain (Linux 6.12).
const scopeABI = 6

// scopedProgram is what the step between a slot's first process and its program is told.
type scopedProgram struct {
	Path string   `json:"path"`
	Args []string `json:"args"`
	Env  []string `json:"env"`
}

// needsScope says that programs of the slot would share a user, and the processes that they see, with other slots, the
// agent and the server.
func (s Spec) needsScope() bool { return !s.Namespaces && s.UID == 0 }

// startProcess starts a program of the slot. Where it could signal others, it goes through a step that enters a Landlock
// domain of its own first, below that of the first process: a program that could kill that one could leave others behind.
func (s Spec) startProcess(command Command, attr *os.ProcAttr) (*os.Process, error) {
	args := append([]string{command.Path}, command.Args...)
	if !s.needsScope() || s.self == "" {
		return os.StartProcess(command.Path, args, attr)
	}
	told, err := json.Marshal(scopedProgram{Path: command.Path, Args: args, Env: attr.Env})
	if err != nil {
		return nil, err
	}
	step := *attr
	// The program's own settings of the Go runtime are not for this step.
	step.Env = []string{"GOMAXPROCS=1", "GOGC=off"}
	return os.StartProcess(s.self, []string{s.self, "sandbox-scope", string(told)}, &step)
}

// Scope is that step: it keeps the signals and the abstract sockets of this process, and of what it becomes, within it.
// On an older kernel it keeps nothing, which the probe finds out. It returns only with an error.
func Scope(told string) error {
	runtime.LockOSThread()
	var program scopedProgram
	if err := json.Unmarshal([]byte(told), &program); err != nil {
		return err
	}
	// It is this thread that becomes the program.
	if err := scopeThread(); err != nil {
		return err
	}
	return syscall.Exec(program.Path, program.Args, program.Env)
}

// scopeThread keeps signals and abstract sockets of this thread, and of what it starts, within a new Landlock domain. What
// is in a domain below it can be signalled from here, and cannot signal us.
func scopeThread() error {
	if abi, err := ll.LandlockGetABIVersion(); err != nil || abi < scopeABI {
		return nil
	}
	ruleset, err := ll.LandlockCreateRuleset(&ll.RulesetAttr{Scoped: ll.ScopeAbstractUnixSocket | ll.ScopeSignal}, 0)
	if err != nil {
		return fmt.Errorf("landlock scope: %w", err)
	}
	defer unix.Close(ruleset)
	if err := ll.LandlockRestrictSelf(ruleset, 0); err != nil {
		return fmt.Errorf("landlock scope: %w", err)
	}
	return nil
}
