package main

import (
	"fmt"
	"time"
)

func main() {
	for range time.Tick(10 * time.Millisecond) {
		fmt.Println("again")
	}
}
