package podprofile

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

type profile struct {
	DefaultAction string `json:"defaultAction"`
	Syscalls      []struct {
		Names    []string `json:"names"`
		Action   string   `json:"action"`
		ErrnoRet int      `json:"errnoRet"`
	} `json:"syscalls"`
}

func TestTheProfileRefusesWhatNoAgentNeeds(t *testing.T) {
	var read profile
	if err := json.Unmarshal(Document, &read); err != nil {
		t.Fatal(err)
	}
	if read.DefaultAction != "SCMP_ACT_ERRNO" {
		t.Errorf("what is in no list is answered by %s", read.DefaultAction)
	}
	var allowed []string
	for _, rule := range read.Syscalls {
		if rule.Action == "SCMP_ACT_ALLOW" {
			allowed = append(allowed, rule.Names...)
		} else if !slices.Equal(rule.Names, []string{"clone3"}) || rule.ErrnoRet != 38 {
			t.Errorf("%v is answered by %s %d", rule.Names, rule.Action, rule.ErrnoRet)
		}
	}
	for _, name := range []string{
		"add_key", "bpf", "clone3", "delete_module", "fanotify_init", "finit_module", "init_module", "io_uring_setup", "kexec_load",
		"keyctl", "name_to_handle_at", "open_by_handle_at", "perf_event_open", "process_vm_readv", "process_vm_writev", "ptrace",
		"reboot", "request_key", "setns", "swapon", "syslog", "unshare", "userfaultfd",
	} {
		if slices.Contains(allowed, name) {
			t.Errorf("%s is allowed", name)
		}
	}
	if slices.Sort(allowed); len(slices.Compact(slices.Clone(allowed))) != len(allowed) {
		t.Error("a call is listed twice")
	}
}

func TestInstallReplacesTheWholeFile(t *testing.T) {
	dir := t.TempDir()
	at := filepath.Join(dir, "lineage", "runner.json")
	for _, before := range [][]byte{nil, []byte("an older one")} {
		if before != nil {
			if err := os.WriteFile(at, before, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if err := Install(dir); err != nil {
			t.Fatal(err)
		}
		if content, err := os.ReadFile(at); err != nil || !bytes.Equal(content, Document) {
			t.Errorf("the file has %d bytes (%v), of %d", len(content), err, len(Document))
		}
		if info, err := os.Stat(at); err != nil || info.Mode().Perm() != 0o644 {
			t.Errorf("its mode is %v (%v)", info.Mode(), err)
		}
	}
	if entries, err := os.ReadDir(filepath.Dir(at)); err != nil || len(entries) != 1 {
		t.Errorf("beside it is something left: %v (%v)", entries, err)
	}
	if err := Install(filepath.Join(at, "below-a-file")); err == nil {
		t.Error("what could not be written was not told")
	}
}
