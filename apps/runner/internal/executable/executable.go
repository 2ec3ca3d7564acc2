// Package executable says what an executable file is, for whichever system it was made. It reads files that hostile
// programs may have had a hand in, so it is used in slots.
package executable

import (
	"bytes"
	"debug/elf"
	"debug/macho"
	"debug/pe"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

const (
	// MaxBytes of a file that is looked at.
	MaxBytes = 128 << 20
	// maxLibraries are told of one file, each with at most maxName bytes of its name.
	maxLibraries = 50
	maxName      = 200
)

// ErrUnknown says that a file is of no format that is known here.
var ErrUnknown = errors.New("executable: no ELF, Mach-O, PE or wasm file")

// Info is what a file says about itself.
type Info struct {
	// Format is ELF, Mach-O, PE or wasm.
	Format string
	Size   int64
	// Libraries are loaded when it starts, by name; Static says that there are none and no loader either.
	Libraries []string
	Static    bool
}

// Describe reads the file at path and writes its Info as one line of JSON.
func Describe(path string, to io.Writer) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() || info.Size() > MaxBytes {
		return fmt.Errorf("%w: it is not a regular file of at most %d bytes", ErrUnknown, MaxBytes)
	}
	found, err := Read(file, info.Size())
	if err != nil {
		return err
	}
	return json.NewEncoder(to).Encode(found)
}

// Read says what a file of this size is. An error, ErrUnknown among them, is for what cannot be read.
func Read(file io.ReaderAt, size int64) (info Info, err error) {
	defer func() {
		if broken := recover(); broken != nil { // The readers of package debug are not made for hostile files.
			info, err = Info{}, fmt.Errorf("%w: %v", ErrUnknown, broken)
		}
	}()
	var magic [4]byte
	if _, err := file.ReadAt(magic[:], 0); err != nil {
		return Info{}, ErrUnknown
	}
	section := io.NewSectionReader(file, 0, size)
	switch {
	case string(magic[:]) == elf.ELFMAG:
		info, err = readELF(section)
	case bytes.Equal(magic[:], []byte{0xcf, 0xfa, 0xed, 0xfe}):
		info, err = readMachO(section)
	case string(magic[:2]) == "MZ":
		info, err = readPE(section)
	case string(magic[:]) == "\x00asm":
		info = Info{Format: "wasm", Static: true}
	default:
		return Info{}, ErrUnknown
	}
	if err != nil {
		return Info{}, fmt.Errorf("%w: %w", ErrUnknown, err)
	}
	info.Size, info.Libraries = size, named(info.Libraries)
	return info, nil
}

func readELF(file io.ReaderAt) (Info, error) {
	f, err := elf.NewFile(file)
	if err != nil {
		return Info{}, err
	}
	libraries, err := f.ImportedLibraries()
	if err != nil {
		return Info{}, err
	}
	loaded := slices.ContainsFunc(f.Progs, func(p *elf.Prog) bool { return p.Type == elf.PT_INTERP })
	return Info{Format: "ELF", Libraries: libraries, Static: !loaded && len(libraries) == 0}, nil
}

func readMachO(file io.ReaderAt) (Info, error) {
	f, err := macho.NewFile(file)
	if err != nil {
		return Info{}, err
	}
	libraries, err := f.ImportedLibraries()
	return Info{Format: "Mach-O", Libraries: libraries, Static: len(libraries) == 0}, err
}

func readPE(file io.ReaderAt) (Info, error) {
	f, err := pe.NewFile(file)
	if err != nil {
		return Info{}, err
	}
	symbols, err := f.ImportedSymbols() // "CreateFileW:kernel32.dll"
	if err != nil {
		return Info{}, err
	}
	var libraries []string
	for _, symbol := range symbols {
		_, library, _ := strings.Cut(symbol, ":")
		libraries = append(libraries, library)
	}
	return Info{Format: "PE", Libraries: libraries, Static: len(libraries) == 0}, nil
}

func named(libraries []string) []string {
	slices.Sort(libraries)
	libraries = slices.Compact(libraries)
	libraries = libraries[:min(len(libraries), maxLibraries)]
	for i, name := range libraries {
		libraries[i] = strings.ToValidUTF8(name[:min(len(name), maxName)], "\uFFFD")
	}
	return libraries
}
