package harness

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"io"

	"github.com/google/pprof/profile"
)

// maxInflated bounds one profile after decompression, so that a small file cannot become a large memory.
const maxInflated = 64 << 20

// Merge reads length-prefixed CPU windows and writes one gzipped profile. It runs inside a slot of its own
// (`lineage-runner merge`), because a hostile program wrote the windows. A window that cannot be read is left out.
func Merge(from io.Reader, to io.Writer) error {
	var windows []*profile.Profile
	for {
		var size uint32
		if err := binary.Read(from, binary.BigEndian, &size); err != nil {
			break
		}
		if size > maxFrame {
			break
		}
		raw := make([]byte, size)
		if _, err := io.ReadFull(from, raw); err != nil {
			break
		}
		if window := parse(raw); window != nil {
			windows = append(windows, window)
		}
	}
	if len(windows) == 0 {
		return fmt.Errorf("no readable window")
	}
	merged, err := profile.Merge(windows)
	if err != nil {
		return err
	}
	return merged.Write(to)
}

func parse(raw []byte) *profile.Profile {
	unzipped, err := gzip.NewReader(bytes.NewReader(raw))
	if err != nil {
		return nil
	}
	inflated, err := io.ReadAll(io.LimitReader(unzipped, maxInflated+1))
	if err != nil || len(inflated) > maxInflated {
		return nil
	}
	window, err := profile.ParseUncompressed(inflated)
	if err != nil || window.CheckValid() != nil {
		return nil
	}
	return window
}

// Windows writes CPU windows in the form that Merge reads.
func Windows(windows [][]byte) []byte {
	var out []byte
	for _, window := range windows {
		out = binary.BigEndian.AppendUint32(out, uint32(len(window)))
		out = append(out, window...)
	}
	return out
}
