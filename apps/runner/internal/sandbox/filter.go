package sandbox

import (
	"fmt"
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"
)

// A seccomp filter is a program of classic BPF that the kernel runs for each system call (Documentation/userspace-api/
// seccomp_filter.rst). We assemble it ourselves, over the library's tables of numbers: the library does not load a call's
// number again after it has looked at an argument, so that a call whose argument is refused can go on as another one, and
// lets through what is made under another architecture when its default is to allow.

const (
	allowed     = unix.SECCOMP_RET_ALLOW
	refusedCall = unix.SECCOMP_RET_ERRNO | uint32(unix.EPERM)
	unknown     = unix.SECCOMP_RET_ERRNO | uint32(unix.ENOSYS)

	// Offsets in struct seccomp_data. Arguments are eight bytes each, low half first on the machines that we run on.
	dataNumber    = 0
	dataArch      = 4
	dataArguments = 16

	// maxJump is how far one conditional jump reaches.
	maxJump = 255
	// x32Calls is the bit in the numbers of calls that are made as x32 programs make them.
	x32Calls = 0x40000000
)

// condition holds when an argument, of which only the bits of mask count, is value.
type condition struct {
	argument    int
	mask, value uint64
}

func is(argument int, value uint64) condition { return condition{argument, ^uint64(0), value} }

func without(argument int, bits uint64) condition { return condition{argument, bits, 0} }

// rule allows a call when all conditions of one of its alternatives hold; without alternatives always.
type rule struct {
	number       int
	alternatives [][]condition
}

// assemble makes the filter: what has no rule is refused, and clone3 is answered as on a kernel that has none, since its
// flags lie where a filter cannot look; callers then use clone.
func assemble(arch uint32, rules []rule, clone3 int) ([]unix.SockFilter, error) {
	program := []unix.SockFilter{
		load(dataArch), jump(unix.BPF_JEQ, arch, 1, 0), answer(refusedCall),
		load(dataNumber), jump(unix.BPF_JGE, x32Calls, 0, 1), answer(refusedCall),
		jump(unix.BPF_JEQ, uint32(clone3), 0, 1), answer(unknown),
	}
	for _, r := range rules {
		if len(r.alternatives) == 0 {
			program = append(program, jump(unix.BPF_JEQ, uint32(r.number), 0, 1), answer(allowed))
		}
	}
	for _, r := range rules {
		if len(r.alternatives) == 0 {
			continue
		}
		var block []unix.SockFilter
		for _, conditions := range r.alternatives {
			block = append(block, allowWhen(conditions)...)
		}
		block = append(block, answer(refusedCall))
		if len(block) > maxJump {
			return nil, fmt.Errorf("the rule for call %d is too long", r.number)
		}
		// Each block ends with an answer: the number is still loaded where the next one begins.
		program = append(program, jump(unix.BPF_JEQ, uint32(r.number), 0, uint8(len(block))))
		program = append(program, block...)
	}
	return append(program, answer(refusedCall)), nil
}

// allowWhen answers when all conditions hold, and goes on after itself when one does not.
func allowWhen(conditions []condition) []unix.SockFilter {
	const each = 6
	length := len(conditions)*each + 1
	var block []unix.SockFilter
	half := func(offset uint32, mask, value uint32) {
		block = append(block, load(offset), unix.SockFilter{Code: unix.BPF_ALU | unix.BPF_AND | unix.BPF_K, K: mask})
		rest := length - len(block) - 1
		block = append(block, jump(unix.BPF_JEQ, value, 0, uint8(rest)))
	}
	for _, c := range conditions {
		offset := uint32(dataArguments + 8*c.argument)
		half(offset, uint32(c.mask), uint32(c.value))
		half(offset+4, uint32(c.mask>>32), uint32(c.value>>32))
	}
	return append(block, answer(allowed))
}

func load(offset uint32) unix.SockFilter {
	return unix.SockFilter{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: offset}
}

func jump(test uint16, value uint32, whenTrue, whenFalse uint8) unix.SockFilter {
	return unix.SockFilter{Code: unix.BPF_JMP | test | unix.BPF_K, K: value, Jt: whenTrue, Jf: whenFalse}
}

func answer(action uint32) unix.SockFilter {
	return unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: action}
}

// install puts the filter on every thread; each program started later inherits it.
func install(filter []unix.SockFilter) error {
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return err
	}
	program := unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}
	_, _, errno := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, unix.SECCOMP_FILTER_FLAG_TSYNC, uintptr(unsafe.Pointer(&program)))
	runtime.KeepAlive(filter)
	if errno != 0 {
		return errno
	}
	return nil
}
