package main

import (
	"fmt"
	"os"
)

func main() { fmt.Print("hello ", os.Args[1:]) }
