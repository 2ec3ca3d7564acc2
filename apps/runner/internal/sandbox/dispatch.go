package sandbox

import (
	"fmt"
	"os"
	"os/exec"
	"reflect"
	"sync"

	"lineage.dev/runner/internal/installed"
)

const (
	statusUsage  = 2
	statusFailed = 6
)

// slotName is the command beside the agent that is the first process of slots; see cmd/lineage-slot.
const slotName = "lineage-slot"

// slotProgram is what is started as the first process of a slot: that command, or this program where it is not there or was
// built of another version.
var slotProgram = sync.OnceValue(func() string {
	const itself = "/proc/self/exe"
	beside, err := installed.Beside(slotName)
	if err != nil {
		return itself
	}
	if exec.Command(beside, "sandbox-fits", layout()).Run() != nil {
		return itself
	}
	return beside
})

// layout is how a specification looks to whoever was built with it.
func layout() string {
	return fmt.Sprint(fields(reflect.TypeFor[Spec]()), fields(reflect.TypeFor[Order]()), fields(reflect.TypeFor[status]()))
}

func fields(of reflect.Type) []string {
	switch of.Kind() {
	case reflect.Struct:
		var all []string
		for field := range of.Fields() {
			if !field.IsExported() || field.Tag.Get("json") == "-" {
				continue
			}
			all = append(all, field.Name, string(field.Tag))
			all = append(all, fields(field.Type)...)
		}
		return all
	case reflect.Slice, reflect.Pointer:
		return fields(of.Elem())
	default:
		return []string{of.String()}
	}
}

// Dispatch performs the command that args are, and says whether they were one of a slot's.
func Dispatch(args []string) (exit int, ours bool) {
	if len(args) == 0 {
		return 0, false
	}
	switch command, rest := args[0], args[1:]; command {
	case "sandbox-init":
		Init()
		return 0, true
	case "sandbox-scope":
		if len(rest) != 1 {
			return statusUsage, true
		}
		fmt.Fprintln(os.Stderr, Scope(rest[0])) // It returns only with an error.
		return statusFailed, true
	case "sandbox-fits":
		if len(rest) != 1 || rest[0] != layout() {
			return statusFailed, true
		}
		return 0, true
	default:
		return 0, false
	}
}
