package sandbox

import sarch "github.com/elastic/go-seccomp-bpf/arch"

func arch() (*sarch.Info, error) { return sarch.GetInfo("") }
