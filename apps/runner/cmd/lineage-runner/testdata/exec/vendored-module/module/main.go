package main

import (
	"fmt"

	"golang.org/x/sync/errgroup"
)

func main() { fmt.Println(Sum(1, 2, 3)) }

// Sum adds each number in a goroutine of its own.
func Sum(numbers ...int) (int, error) {
	sum := make(chan int, len(numbers))
	var group errgroup.Group
	for _, n := range numbers {
		group.Go(func() error {
			if n < 0 {
				return fmt.Errorf("%d is below zero", n)
			}
			sum <- n
			return nil
		})
	}
	err := group.Wait()
	close(sum)
	total := 0
	for n := range sum {
		total += n
	}
	return total, err
}
