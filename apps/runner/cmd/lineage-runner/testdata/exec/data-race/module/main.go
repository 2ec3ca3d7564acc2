package main

import "time"

func main() {
	n := 0
	go func() { n = 1 }()
	// Long enough for both, and nothing that orders them.
	time.Sleep(50 * time.Millisecond)
	println(n)
}
