package main

import "testing"

func TestSum(t *testing.T) {
	t.Run("three", func(t *testing.T) {
		if total, err := Sum(1, 2, 3); err != nil || total != 6 {
			t.Fatal(total, err)
		}
	})
}

func TestNegative(t *testing.T) {
	if _, err := Sum(-1); err == nil {
		t.Fatal("no error")
	}
	t.Error("fails all the same")
}
