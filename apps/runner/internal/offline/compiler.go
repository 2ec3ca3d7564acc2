package offline

import (
	"io"
	"os"
)

// CompilerName is the name under which the go command looks for a C compiler.
const CompilerName = "gcc"

// CompilerWordsEnv holds what the compiler says about itself.
const CompilerWordsEnv = "LINEAGE_COMPILER"

// Compiler answers the go command's question who the C compiler is. It compiles nothing: what needs a compiler was made
// before, and a module's own cgo is refused.
func Compiler(args []string, to io.Writer) bool {
	if len(args) == 0 || args[0] != "-###" {
		return false
	}
	_, err := io.WriteString(to, os.Getenv(CompilerWordsEnv)+"\n")
	return err == nil
}
