// Command attack is what the suite runs in slots: each of its attacks is a program of its own, and all are built once.
// What has to be refused is printed as one line each, which says whether it was.
package main

import (
	"fmt"
	"maps"
	"os"
	"syscall"
	"time"
)

// attack is one hostile program. What it needs to know of its machine comes as arguments.
type attack func(args []string)

func main() {
	all := map[string]attack{}
	for _, some := range []map[string]attack{resources, compute, outliving, storage, descriptors, printing, reading, kernel, privileges, sockets, leftovers} {
		maps.Copy(all, some)
	}
	chosen, ok := all[os.Args[1]]
	if !ok {
		fmt.Println("no such attack:", os.Args[1])
		os.Exit(64)
	}
	chosen(os.Args[2:])
	fmt.Println("done")
}

// try says whether something that has to be refused was.
func try(what string, err error) {
	if err == nil {
		fmt.Println("ALLOWED", what)
		return
	}
	fmt.Println("refused", what+":", err)
}

// call makes a system call.
func call(number uintptr, args ...uintptr) error {
	_, err := result(number, args...)
	return err
}

func result(number uintptr, args ...uintptr) (uintptr, error) {
	var six [6]uintptr
	copy(six[:], args)
	value, _, errno := syscall.Syscall6(number, six[0], six[1], six[2], six[3], six[4], six[5])
	if errno != 0 {
		return 0, errno
	}
	return value, nil
}

// itself starts this program again with another attack, and with what else is asked for.
func itself(attr *syscall.SysProcAttr, args ...string) (*os.Process, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	return os.StartProcess(self, append([]string{self}, args...), &os.ProcAttr{
		Files: []*os.File{os.Stdin, os.Stdout, os.Stderr}, Sys: attr,
	})
}

func forever() {
	for {
		time.Sleep(time.Hour)
	}
}
