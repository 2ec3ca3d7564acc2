package main

import (
	"fmt"
	"time"
)

func main() {
	fmt.Println("started")
	time.Sleep(time.Hour)
}
