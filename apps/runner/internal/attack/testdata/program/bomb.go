package main

import (
	"bytes"
	"compress/gzip"
)

// gzipBomb is this many zero bytes, compressed.
func gzipBomb(size int) []byte {
	var out bytes.Buffer
	writer, _ := gzip.NewWriterLevel(&out, gzip.BestSpeed)
	block := make([]byte, 1<<20)
	for range size >> 20 {
		_, _ = writer.Write(block)
	}
	_ = writer.Close()
	return out.Bytes()
}
