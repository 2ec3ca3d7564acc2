package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

var storage = map[string]attack{
	"disk-fill":         diskFill,
	"disk-many-files":   diskManyFiles,
	"disk-empty-files":  diskEmptyFiles,
	"disk-sparse":       diskSparse,
	"disk-allocate":     diskAllocate,
	"disk-deep":         diskDeep,
	"disk-links":        diskLinks,
	"disk-unlinked":     diskUnlinked,
	"disk-mapped":       diskMapped,
	"disk-closed-doors": diskClosedDoors,
	"disk-odd-names":    diskOddNames,
	"odd-files":         oddFiles,
	"link-out":          linkOut,
	"change-modes":      changeModes,
	"cut-host-file":     cutHostFile,
	"delete-all":        func([]string) { _ = os.RemoveAll("."); _ = os.RemoveAll("/work"); _ = os.RemoveAll("/") },
}

func diskFill([]string) {
	file, err := os.Create("big")
	for err == nil {
		_, err = file.Write(make([]byte, 256<<10))
	}
	panic(err)
}

func diskManyFiles([]string) {
	block := make([]byte, 1<<20)
	for n := 0; ; n++ {
		if err := os.WriteFile(fmt.Sprint("part", n), block, 0o644); err != nil {
			panic(err)
		}
	}
}

func diskEmptyFiles([]string) {
	for n := 0; ; n++ {
		if err := os.WriteFile(fmt.Sprint("empty", n), nil, 0o644); err != nil {
			panic(err)
		}
	}
}

func diskSparse([]string) {
	file, err := os.Create("sparse")
	if err == nil {
		err = file.Truncate(1 << 40)
	}
	try("make a file of a terabyte", err)
}

func diskAllocate([]string) {
	for n := 0; ; n++ {
		file, err := os.Create(fmt.Sprint("allocated", n))
		if err == nil {
			// The Go runtime's own signals may interrupt it, which is no answer.
			for err = syscall.EINTR; err == syscall.EINTR; {
				err = syscall.Fallocate(int(file.Fd()), 0, 0, 64<<10)
			}
		}
		if err != nil {
			panic(err)
		}
		file.Close()
	}
}

// diskDeep goes deeper than a path can name. Each directory costs as much as it is deep, for Landlock looks at all above it:
// some of those that there may be are made beside, or it would be at work for many seconds where others work too.
func diskDeep([]string) {
	const beside = 1800 // Of at least 4096; a path has at most 2048 names.
	for n := range beside {
		if err := os.Mkdir(fmt.Sprint("beside", n), 0o755); err != nil {
			panic(err)
		}
	}
	for {
		if err := os.Mkdir("d", 0o755); err != nil {
			panic(err)
		}
		if err := syscall.Chdir("d"); err != nil {
			panic(err)
		}
	}
}

func diskLinks([]string) {
	if err := os.WriteFile("one", nil, 0o644); err != nil {
		panic(err)
	}
	for n := 0; ; n++ {
		if err := os.Link("one", fmt.Sprint("link", n)); err != nil {
			panic(err)
		}
	}
}

// diskUnlinked fills files that no directory shows any more.
func diskUnlinked([]string) {
	block := make([]byte, 1<<20)
	for {
		file, err := os.CreateTemp(".", "gone")
		if err == nil {
			os.Remove(file.Name())
			_, err = file.Write(block)
		}
		if err != nil {
			panic(err)
		}
		time.Sleep(5 * time.Millisecond)
		held = append(held, file)
	}
}

var held []*os.File

// diskMapped keeps such files by mappings alone, without a descriptor and without a resident page.
func diskMapped([]string) {
	block := make([]byte, 4<<20)
	for {
		file, err := os.CreateTemp(".", "gone")
		if err == nil {
			os.Remove(file.Name())
			_, err = file.Write(block)
		}
		if err == nil {
			_, err = syscall.Mmap(int(file.Fd()), 0, len(block), syscall.PROT_NONE, syscall.MAP_SHARED)
		}
		if err != nil {
			panic(err)
		}
		time.Sleep(5 * time.Millisecond)
		file.Close()
	}
}

// diskClosedDoors leaves directories that their remover may not read.
func diskClosedDoors([]string) {
	for n := range 5 {
		dir := fmt.Sprint("closed", n)
		_ = syscall.Mkdir(dir, 0o300)
		_ = os.WriteFile(filepath.Join(dir, "inside"), nil, 0)
		_ = syscall.Mkdir(filepath.Join(dir, "deeper"), 0o300)
		_ = os.WriteFile(filepath.Join(dir, "deeper", "inside"), nil, 0)
		_ = os.Chmod(filepath.Join(dir, "deeper"), 0)
		_ = os.Chmod(dir, 0)
	}
}

func diskOddNames([]string) {
	for _, name := range []string{"\xff\xfe", "new\nline", "-rf", " ", strings.Repeat("n", 255), "\x1b]52;c;eA==\a"} {
		_ = os.WriteFile(name, []byte(name), 0o644)
	}
}

// oddFiles leaves what is no regular file where the agent might look for one.
func oddFiles([]string) {
	for _, name := range []string{"program", "cpu.pb.gz", "profile", "out", "main.go"} {
		_ = os.Remove(name)
		_ = syscall.Mkfifo(name, 0o666)
	}
	try("make a device", syscall.Mknod("disk", syscall.S_IFBLK|0o666, 7<<8))
}

// linkOut plants links to files of the machine, which whoever cleans up must not follow.
func linkOut(args []string) {
	for n, target := range args {
		_ = os.Symlink(target, fmt.Sprint("link", n))
		_, err := os.ReadFile(fmt.Sprint("link", n))
		try("read through a link to a file of the machine", err)
		try("write through a link to a file of the machine", os.WriteFile(fmt.Sprint("link", n), []byte("x"), 0o644))
		try("link a file of the machine", os.Link(target, fmt.Sprint("hard", n)))
	}
	_ = os.Symlink("/", "root")
	_, err := os.ReadDir("root/root")
	try("read a directory through a link", err)
}

// changeModes tries what needs no right to open a file: its mode, its owner, its times, its attributes.
func changeModes(args []string) {
	self, _ := os.Executable()
	for _, path := range append(args, self) {
		try("change the mode of "+path, syscall.Chmod(path, 0o777))
		try("change the owner of "+path, syscall.Chown(path, os.Getuid(), os.Getgid()))
		try("change the times of "+path, syscall.Utimes(path, make([]syscall.Timeval, 2)))
		try("give an attribute to "+path, syscall.Setxattr(path, "user.mark", []byte("x"), 0))
		if file, err := os.Open(path); err == nil {
			try("change the mode of opened "+path, file.Chmod(0o777))
		}
	}
}

func cutHostFile(args []string) {
	self, _ := os.Executable()
	for _, path := range append(args, self) {
		try("cut "+path, syscall.Truncate(path, 0))
		try("remove "+path, syscall.Unlink(path))
		try("rename "+path, os.Rename(path, path+".taken"))
		try("append to "+path, appendTo(path))
	}
}

func appendTo(path string) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
	if err == nil {
		file.Close()
	}
	return err
}
