package sandbox

import (
	"encoding/binary"
	"testing"

	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"
)

// decide runs a filter as the kernel does, on a call with these arguments. The machine of x/net reads words as a network
// has them, so the data is laid out for it.
func decide(t testing.TB, filter []unix.SockFilter, arch uint32, number uint32, arguments [6]uint64) uint32 {
	t.Helper()
	var raw []bpf.RawInstruction
	for _, i := range filter {
		raw = append(raw, bpf.RawInstruction{Op: i.Code, Jt: i.Jt, Jf: i.Jf, K: i.K})
	}
	program, ok := bpf.Disassemble(raw)
	if !ok {
		t.Fatal("the filter has an instruction that nobody knows")
	}
	machine, err := bpf.NewVM(program)
	if err != nil {
		t.Fatal(err)
	}
	data := make([]byte, dataArguments+6*8)
	binary.BigEndian.PutUint32(data[dataNumber:], number)
	binary.BigEndian.PutUint32(data[dataArch:], arch)
	for i, argument := range arguments {
		binary.BigEndian.PutUint32(data[dataArguments+8*i:], uint32(argument))
		binary.BigEndian.PutUint32(data[dataArguments+8*i+4:], uint32(argument>>32))
	}
	answer, err := machine.Run(data)
	if err != nil {
		t.Fatal(err)
	}
	return uint32(answer)
}

func filterOf(t testing.TB, spec Spec) (filter []unix.SockFilter, arch_ uint32, numbers map[string]int, rules []rule) {
	t.Helper()
	table, err := arch()
	if err != nil {
		t.Fatal(err)
	}
	rules = rulesFor(spec, table.SyscallNames)
	filter, err = assemble(uint32(table.ID), rules, table.SyscallNames["clone3"])
	if err != nil {
		t.Fatal(err)
	}
	return filter, uint32(table.ID), table.SyscallNames, rules
}

func TestFilterDecidesByNumberAndArguments(t *testing.T) {
	own, shared := Spec{Namespaces: true}, Spec{}
	for _, c := range []struct {
		spec      Spec
		name      string
		arguments [6]uint64
		want      uint32
	}{
		{own, "read", [6]uint64{}, allowed},
		{own, "ptrace", [6]uint64{}, refusedCall},
		{own, "clone3", [6]uint64{}, unknown},
		{own, "clone", [6]uint64{unix.CLONE_VM | unix.CLONE_THREAD}, allowed},
		{own, "clone", [6]uint64{unix.CLONE_VM | unix.CLONE_NEWUSER}, refusedCall},
		{own, "clone", [6]uint64{unix.CLONE_NEWNET}, refusedCall},
		{own, "socket", [6]uint64{unix.AF_INET, unix.SOCK_STREAM, unix.IPPROTO_MPTCP}, allowed},
		{own, "socket", [6]uint64{unix.AF_INET, unix.SOCK_RAW, unix.IPPROTO_ICMP}, refusedCall},
		{own, "socket", [6]uint64{unix.AF_INET | 1<<32}, refusedCall},
		{own, "socket", [6]uint64{unix.AF_NETLINK, 3, unix.NETLINK_NETFILTER}, refusedCall},
		{own, "socket", [6]uint64{unix.AF_VSOCK}, refusedCall},
		{own, "memfd_create", [6]uint64{}, refusedCall},
		{Spec{Namespaces: true, CountsMemory: true}, "memfd_create", [6]uint64{}, allowed},
		{own, "prlimit64", [6]uint64{1}, refusedCall},
		{own, "prlimit64", [6]uint64{0, 7}, allowed},
		{own, "setpriority", [6]uint64{unix.PRIO_USER}, refusedCall},
		{own, "setpriority", [6]uint64{unix.PRIO_PROCESS, 0, 19}, allowed},
		{own, "ioctl", [6]uint64{0, unix.TIOCSTI}, refusedCall},
		{own, "ioctl", [6]uint64{0, unix.TCGETS}, allowed},
		{own, "prctl", [6]uint64{unix.PR_SET_MM}, refusedCall},
		{own, "prctl", [6]uint64{unix.PR_SET_DUMPABLE}, allowed},
		{own, "sendmsg", [6]uint64{}, allowed},
		{own, "chmod", [6]uint64{}, allowed},
		{shared, "chmod", [6]uint64{}, refusedCall},
		{shared, "sendmsg", [6]uint64{}, refusedCall},
		{shared, "prctl", [6]uint64{unix.PR_SET_DUMPABLE}, refusedCall},
		{shared, "socket", [6]uint64{unix.AF_INET, unix.SOCK_STREAM}, refusedCall},
		{shared, "socket", [6]uint64{unix.AF_UNIX, unix.SOCK_STREAM}, refusedCall},
		{shared, "socketpair", [6]uint64{unix.AF_UNIX, unix.SOCK_STREAM}, allowed},
		{Spec{UID: 1}, "chmod", [6]uint64{}, allowed},
	} {
		filter, arch, numbers, _ := filterOf(t, c.spec)
		number, known := numbers[c.name]
		if !known {
			continue // Another architecture has other calls.
		}
		if got := decide(t, filter, arch, uint32(number), c.arguments); got != c.want {
			t.Errorf("%s%v: %#x, want %#x", c.name, c.arguments, got, c.want)
		}
	}
}

func TestCallsOfOtherArchitecturesAreRefused(t *testing.T) {
	filter, arch, numbers, _ := filterOf(t, Spec{Namespaces: true})
	const i386 = 0x40000003
	if got := decide(t, filter, i386, uint32(numbers["read"]), [6]uint64{}); got != refusedCall {
		t.Errorf("a call of another architecture: %#x", got)
	}
	if got := decide(t, filter, arch, x32Calls|uint32(numbers["read"]), [6]uint64{}); got != refusedCall {
		t.Errorf("a call with another numbering: %#x", got)
	}
}

// FuzzFilter compares the assembled filter with what the rules say.
func FuzzFilter(f *testing.F) {
	filter, arch, numbers, rules := filterOf(f, Spec{Namespaces: true})
	f.Add(uint32(numbers["socket"]), uint64(unix.AF_INET), uint64(1), uint64(6))
	f.Add(uint32(numbers["socket"]), uint64(numbers["read"]), uint64(0), uint64(0))
	f.Add(uint32(numbers["prctl"]), uint64(unix.PR_SET_MM), uint64(0), uint64(0))
	f.Add(uint32(numbers["ptrace"]), uint64(0), uint64(0), uint64(0))
	f.Fuzz(func(t *testing.T, number uint32, a, b, c uint64) {
		arguments := [6]uint64{a, b, c}
		want := uint32(refusedCall)
		for _, r := range rules {
			if uint32(r.number) == number && r.allows(arguments) {
				want = allowed
			}
		}
		if int(number) == numbers["clone3"] {
			want = unknown
		}
		if got := decide(t, filter, arch, number, arguments); got != want {
			t.Fatalf("call %d%v: %#x, want %#x", number, arguments, got, want)
		}
	})
}

// allows is a rule, read as it is written.
func (r rule) allows(arguments [6]uint64) bool {
	for _, conditions := range r.alternatives {
		all := true
		for _, c := range conditions {
			all = all && arguments[c.argument]&c.mask == c.value
		}
		if all {
			return true
		}
	}
	return len(r.alternatives) == 0
}
