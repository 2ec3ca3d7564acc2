package build

import (
	"fmt"
	"maps"
	"runtime"
	"runtime/debug"
	"slices"
)

// What the go command puts around the information, by which other tools find it (cmd/go/internal/modload, ModInfoData).
const (
	infoStart = "\x30\x77\xaf\x0c\x92\x74\x08\x02\x41\xe1\xc1\x07\xe6\xd6\x18\xe6"
	infoEnd   = "\xf9\x32\x43\x31\x86\x18\x20\x72\x00\x82\x42\x10\x41\x16\xd8\xf2"
)

// architectureLevel is the go command's default for a variable that programs see.
var architectureLevel = map[string]debug.BuildSetting{"amd64": {Key: "GOAMD64", Value: "v1"}, "arm64": {Key: "GOARM64", Value: "v8.0"}}

// modInfoLine is the line of the linker's import configuration that tells a program how it was built, as the go command
// writes it.
func (p *planner) modInfoLine() string {
	info := debug.BuildInfo{Path: p.module.path, Main: debug.Module{Path: p.module.path, Version: "(devel)"}}
	if p.request.Test {
		info.Path += ".test"
	}
	if p.set != nil {
		for _, m := range p.set.ModulesOf(slices.Sorted(maps.Keys(p.module.outside))) {
			info.Deps = append(info.Deps, &debug.Module{Path: m.Path, Version: m.Version, Sum: m.Sum})
		}
	}
	info.Settings = []debug.BuildSetting{{Key: "-buildmode", Value: "exe"}, {Key: "-compiler", Value: "gc"}}
	cgo := "0"
	if p.request.Std.Race() {
		info.Settings = append(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"})
		cgo = "1"
	}
	info.Settings = append(info.Settings, debug.BuildSetting{Key: "-trimpath", Value: "true"}, debug.BuildSetting{Key: "CGO_ENABLED", Value: cgo},
		debug.BuildSetting{Key: "GOARCH", Value: runtime.GOARCH}, debug.BuildSetting{Key: "GOOS", Value: runtime.GOOS})
	if level, known := architectureLevel[runtime.GOARCH]; known {
		info.Settings = append(info.Settings, level)
	}
	return fmt.Sprintf("modinfo %q\n", infoStart+info.String()+infoEnd)
}
