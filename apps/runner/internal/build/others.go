package build

import (
	"context"

	"lineage.dev/runner/internal/sandbox"
)

// maxWrongPackages bounds for how many packages of one build it is found out what is wrong with them: each costs a slot.
const maxWrongPackages = 10

// step is the command of a plan that compiles one of the learner's packages.
type step struct {
	command int
	path    string
	needs   []string
}

// othersToo compiles, when one package could not be, those that do not need it, as the go command does. It returns what
// was said of all of them; what is not known of the others for reasons of ours is left out.
func (b *Builder) othersToo(ctx context.Context, request Request, plan []sandbox.Command, result Result, outcome sandbox.Outcome, said string) string {
	wrong := map[string]bool{}
	steps := result.steps
	failed := outcome.Step
	for len(wrong) < maxWrongPackages && compilerRefused(outcome, said) {
		var rest []step
		for _, s := range steps {
			switch {
			case s.command < failed:
			case s.command == failed || s.needsAny(wrong):
				wrong[s.path] = true
			default:
				rest = append(rest, s)
			}
		}
		if len(rest) == 0 {
			return said
		}
		spec, err := b.specOf(request)
		if err != nil {
			return said
		}
		for _, s := range rest {
			spec.Commands = append(spec.Commands, plan[s.command])
		}
		spec.Env = append(spec.Env, request.Std.Env()...)
		spec.Mounts = append(spec.Mounts, result.against.mounts()...)
		var more string
		if more, outcome, err = runTools(ctx, spec); err != nil || !compilerRefused(outcome, more) {
			return said
		}
		said += more
		steps, failed = rest, rest[outcome.Step].command
	}
	return said
}

// compilerRefused says whether a command ended because of what it was given to compile.
func compilerRefused(outcome sandbox.Outcome, said string) bool {
	return outcome.ExitCode != 0 && outcome.Signal == 0 && outcome.Failure == "" && outcome.Limit == "" && !outcome.TimedOut && !outcome.Cancelled && !crashed(said)
}

func (s step) needsAny(paths map[string]bool) bool {
	for _, path := range s.needs {
		if paths[path] {
			return true
		}
	}
	return false
}
