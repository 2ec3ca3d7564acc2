package main

import (
	"fmt"
	"syscall"
	"unsafe"
)

// oldCalls makes system calls as a 32-bit program would, whose numbers mean other things than ours.
func oldCalls([]string) {
	// mov eax, 26 (ptrace); xor ebx, ebx (trace me); int 0x80; ret
	trap := []byte{0xb8, 26, 0, 0, 0, 0x53, 0x31, 0xdb, 0xcd, 0x80, 0x5b, 0xc3}
	page, err := syscall.Mmap(-1, 0, 4096, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err == nil {
		copy(page, trap)
		err = syscall.Mprotect(page, syscall.PROT_READ|syscall.PROT_EXEC)
	}
	if err != nil {
		try("make its own machine code", err)
		return
	}
	entry := uintptr(unsafe.Pointer(&page[0]))
	code := &entry
	answer := int32((*(*func() uint64)(unsafe.Pointer(&code)))())
	if answer >= 0 {
		try("call the kernel as a 32-bit program", nil)
		return
	}
	try("call the kernel as a 32-bit program", fmt.Errorf("%w", syscall.Errno(-answer)))
}

func x32Calls([]string) {
	const x32 = 0x40000000
	try("be traced by an x32 call", call(x32|521, 0))
	try("unshare by an x32 call", call(x32|272, syscall.CLONE_NEWUSER))
	try("mount by an x32 call", call(x32|165, 0, 0, 0, 0))
}
