package main

import "testing"

func TestDouble(t *testing.T) {
	for name, n := range map[string]int{"one": 1} {
		t.Run(name, func(t *testing.T) {
			if Double(n) != 2 {
				t.Fatal("not doubled")
			}
		})
	}
}

func TestWrong(t *testing.T) { t.Error("this one fails") }

func TestLater(t *testing.T) { t.Skip("not now") }
