// Package offline is what the go command is given when it builds in a slot: a cache that reads what was prepared and
// writes only to the slot's own directory (`lineage-runner cacheprog`), and a step before each tool that puts the
// runner's own parts into a program (`lineage-runner toolexec`). Both run inside the slot, with the rights of whoever
// builds there.
package offline

import (
	"bufio"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// The protocol is that of cmd/go/internal/cacheprog: one JSON object a line, each request answered under its number.
type cacheRequest struct {
	ID       int64
	Command  string
	ActionID []byte `json:",omitempty"`
	OutputID []byte `json:",omitempty"`
	BodySize int64  `json:",omitempty"`
}

type cacheResponse struct {
	ID            int64
	Err           string     `json:",omitempty"`
	KnownCommands []string   `json:",omitempty"`
	Miss          bool       `json:",omitempty"`
	OutputID      []byte     `json:",omitempty"`
	Size          int64      `json:",omitempty"`
	Time          *time.Time `json:",omitempty"`
	DiskPath      string     `json:",omitempty"`
}

const (
	// hashBytes is the length of the go command's action and output ids.
	hashBytes = 32
	// maxEntryBytes bounds an index entry of the go command's cache, which has some 180 bytes.
	maxEntryBytes = 1024
)

var (
	errCacheRequest = errors.New("offline: the go command's request cannot be read")
	errNoEntry      = errors.New("offline: no such entry")
)

// cache reads a prepared go build cache and keeps what is new in a directory of its own.
type cache struct {
	prepared string
	private  string
	entries  map[[hashBytes]byte]entry
}

type entry struct {
	output []byte
	size   int64
	time   time.Time
	path   string
}

// ServeCache answers the go command until it closes. prepared is a GOCACHE that is only read, private an existing
// empty directory.
func ServeCache(from io.Reader, to io.Writer, prepared, private string) error {
	c := &cache{prepared: prepared, private: private, entries: map[[hashBytes]byte]entry{}}
	in, out := bufio.NewReader(from), bufio.NewWriter(to)
	answer := json.NewEncoder(out)
	if err := errors.Join(answer.Encode(cacheResponse{KnownCommands: []string{"get", "put", "close"}}), out.Flush()); err != nil {
		return err
	}
	for {
		request, err := readRequest(in)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		response := c.perform(request, in)
		response.ID = request.ID
		if err := errors.Join(answer.Encode(response), out.Flush()); err != nil {
			return err
		}
		if request.Command == "close" {
			return nil
		}
	}
}

func readRequest(in *bufio.Reader) (cacheRequest, error) {
	for {
		line, err := in.ReadBytes('\n')
		if err != nil {
			return cacheRequest{}, err
		}
		if len(line) == 1 {
			continue // An empty line goes before and after a body.
		}
		var request cacheRequest
		if err := json.Unmarshal(line, &request); err != nil {
			return request, fmt.Errorf("%w: %w", errCacheRequest, err)
		}
		return request, nil
	}
}

func (c *cache) perform(request cacheRequest, in *bufio.Reader) cacheResponse {
	switch request.Command {
	case "get":
		found, err := c.get(request.ActionID)
		if err != nil {
			return cacheResponse{Miss: true}
		}
		return cacheResponse{OutputID: found.output, Size: found.size, Time: &found.time, DiskPath: found.path}
	case "put":
		path, err := c.put(request, in)
		if err != nil {
			return cacheResponse{Err: err.Error()}
		}
		return cacheResponse{DiskPath: path}
	case "close":
		return cacheResponse{}
	default:
		return cacheResponse{Err: "unknown command"}
	}
}

func (c *cache) get(action []byte) (entry, error) {
	if len(action) != hashBytes {
		return entry{}, errNoEntry
	}
	if own, ok := c.entries[[hashBytes]byte(action)]; ok {
		return own, nil
	}
	id := hex.EncodeToString(action)
	raw, err := os.ReadFile(filepath.Join(c.prepared, id[:2], id+"-a"))
	if err != nil {
		return entry{}, err
	}
	found, err := parseEntry(raw, id)
	if err != nil {
		return entry{}, err
	}
	name := hex.EncodeToString(found.output)
	found.path = filepath.Join(c.prepared, name[:2], name+"-d")
	info, err := os.Stat(found.path)
	if err != nil || info.Size() != found.size {
		return entry{}, errNoEntry
	}
	return found, nil
}

// parseEntry reads an index entry as cmd/go/internal/cache writes it: "v1 <action> <output> <size> <nanoseconds>\n".
func parseEntry(raw []byte, action string) (entry, error) {
	if len(raw) > maxEntryBytes {
		return entry{}, errNoEntry
	}
	fields := strings.Fields(string(raw))
	if len(fields) != 5 || fields[0] != "v1" || fields[1] != action {
		return entry{}, errNoEntry
	}
	output, err1 := hex.DecodeString(fields[2])
	size, err2 := strconv.ParseInt(fields[3], 10, 64)
	nanos, err3 := strconv.ParseInt(fields[4], 10, 64)
	if errors.Join(err1, err2, err3) != nil || len(output) != hashBytes || size < 0 {
		return entry{}, errNoEntry
	}
	return entry{output: output, size: size, time: time.Unix(0, nanos)}, nil
}

// put takes the body, a JSON string of base64 on the next line, and keeps it under its output id.
func (c *cache) put(request cacheRequest, in *bufio.Reader) (string, error) {
	if len(request.ActionID) != hashBytes || len(request.OutputID) != hashBytes || request.BodySize < 0 {
		return "", errCacheRequest
	}
	path := filepath.Join(c.private, hex.EncodeToString(request.OutputID)+"-d")
	file, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o644)
	if err != nil {
		return "", err
	}
	copyErr := error(nil)
	if request.BodySize > 0 {
		copyErr = copyBody(file, in, request.BodySize)
	}
	if err := errors.Join(copyErr, file.Close()); err != nil {
		return "", err
	}
	c.entries[[hashBytes]byte(request.ActionID)] = entry{output: request.OutputID, size: request.BodySize, time: time.Now(), path: path}
	return path, nil
}

// copyBody reads `"…base64…"` without holding it in memory.
func copyBody(to io.Writer, in *bufio.Reader, size int64) error {
	for {
		b, err := in.ReadByte()
		if err != nil {
			return err
		}
		if b == '"' {
			break
		}
		if b != '\n' {
			return errCacheRequest
		}
	}
	encoded := io.LimitReader(in, int64(base64.StdEncoding.EncodedLen(int(size))))
	written, err := io.Copy(to, base64.NewDecoder(base64.StdEncoding, encoded))
	if err != nil {
		return err
	}
	if end, err := in.ReadByte(); err != nil || end != '"' || written != size {
		return errCacheRequest
	}
	return nil
}
