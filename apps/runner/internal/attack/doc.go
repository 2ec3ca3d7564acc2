// Package attack holds the attack suite: hostile programs, sources and requests, what has to become of each, and three
// set-ups in which all of them are tried against a real engine. It has no code of its own.
//
// testdata/program is one Go program with a hundred attacks; rows_*_test.go say what is expected of each. Every set-up is
// a process of this test in a machine of its own (see setup_test.go). The table in docs/security.md is made from the rows:
// `go test ./internal/attack -run Table -update`.
package attack
