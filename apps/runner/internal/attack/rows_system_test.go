package attack_test

import (
	"errors"
	"fmt"
	"strings"

	pb "lineage.dev/runner/internal/gen/lineage/runner/v1"
)

const (
	noPrivateLoopback = "without a network namespace there is no loopback of its own to give"
)

// systemRows attack the machine: its files, its kernel, its network, its other processes.
func systemRows() []row {
	refused := []want{isRefused}
	noLoopback := map[string][]want{pod: {isRefused}}
	return []row{
		{group: 18, name: "read-files", args: []string{"secrets"}, wants: refused},
		{group: 18, name: "read-others", args: []string{"work"}, wants: refused},
		{group: 18, name: "read-processes", args: []string{"processes"}, wants: refused},
		{group: 18, name: "environment", wants: refused},
		{group: 18, name: "write-outside", args: []string{"outside"}, wants: refused},
		{group: 19, name: "link-out", args: []string{"secrets"}, wants: refused},
		{group: 19, name: "odd-files", wants: refused},
		{group: 19, name: "change-modes", args: []string{"canaries"}, wants: refused},
		{group: 19, name: "cut-host-file", args: []string{"canaries"}, wants: refused},
		{group: 21, name: "mount", wants: refused},
		{group: 21, name: "new-mount-calls", wants: refused},
		{group: 21, name: "pivot", wants: refused},
		{group: 21, name: "remount", wants: refused},
		{group: 22, name: "proc-writes", wants: refused,
			underGvisor: []want{{verdict: pb.Verdict_VERDICT_PASSED, allowed: true}}},
		{group: 22, name: "kernel-files", wants: refused},
		{group: 22, name: "read-memory", args: []string{"processes"}, wants: refused},
		{group: 23, name: "files-left", play: leftBehind("leave-files", "find-files"), wants: refused},
		{group: 23, name: "shared-memory-left", play: leftBehind("leave-shared", "find-shared"), wants: refused},
		{group: 23, name: "messages-left", play: leftBehind("leave-message", "find-shared"), wants: refused},
		{group: 23, name: "queue-left", play: leftBehind("leave-queue", "find-queue"), wants: refused},
		{group: 23, name: "key-left", play: leftBehind("leave-key", "keys"), wants: refused},
		{group: 23, name: "socket-of-another-run", play: socketOfAnother, wants: refused},
		{group: 24, name: "trace", args: []string{"processes"}, wants: refused},
		{group: 24, name: "peek", args: []string{"processes"}, wants: refused},
		{group: 24, name: "take-descriptor", args: []string{"processes"}, wants: refused},
		{group: 25, name: "bpf", wants: refused},
		{group: 25, name: "perf", wants: refused},
		{group: 25, name: "userfault", wants: refused},
		{group: 25, name: "keys", wants: refused},
		{group: 25, name: "uring", wants: refused},
		{group: 25, name: "modules", wants: refused},
		{group: 25, name: "handles", wants: refused},
		{group: 25, name: "other-calls", wants: refused},
		{group: 25, name: "personality", wants: refused},
		{group: 25, name: "old-calls", wants: []want{isRefused, hasFailed}},
		{group: 25, name: "x32-calls", wants: refused},
		{group: 25, name: "odd-families", wants: refused},
		{group: 25, name: "high-bits", wants: refused},
		{group: 26, name: "write-terminal", wants: refused},
		{group: 27, name: "signals", args: []string{"processes"}, wants: refused,
			underGvisor: []want{hasFailed}},
		{group: 27, name: "shape-others", args: []string{"processes"}, wants: refused},
		{group: 28, name: "become-another", wants: refused},
		{group: 28, name: "set-uid-file", wants: refused},
		{group: 28, name: "capabilities", wants: refused},
		{group: 28, name: "limits", wants: refused},
		{group: 28, name: "machine-tools", wants: refused},
		{group: 29, name: "internet", wants: refused},
		{group: 29, name: "names", wants: refused},
		{group: 29, name: "version-six", wants: refused},
		{group: 29, name: "cluster", wants: refused},
		{group: 29, name: "machine-ports", args: []string{"ports"}, wants: refused},
		{group: 29, name: "unix-sockets", args: []string{"sockets"}, wants: refused},
		{group: 29, name: "raw-sockets", wants: refused},
		{group: 29, name: "interfaces", wants: refused},
		{group: 29, name: "own-server", wants: []want{isAccepted("a lesson's own server and client meet on a loopback that nobody else has")}, in: noLoopback},
		{group: 30, name: "squat", args: []string{"ports"}, wants: refused},
		{group: 30, name: "port-of-another-run", play: portOfAnother, wants: refused},
		{group: 37, name: "clock", wants: refused},
		{group: 38, name: "lock-shared", wants: []want{isAccepted("a lock on a shared read-only file is a way for two runs that both want it to speak")}},
		{group: 38, name: "residence", wants: []want{isRefused}},
		{group: 38, name: "watch-files", args: []string{"work"}, wants: refused},
		{group: 40, name: "namespaces", wants: refused},
		{group: 40, name: "namespace-clone", wants: refused},
	}
}

// leftBehind has one run leave something, and the next look for it.
func leftBehind(leave, find string) func(*scene) error {
	return func(s *scene) error {
		h := s.run(program(leave), nil)
		if h.end.GetVerdict() != pb.Verdict_VERDICT_PASSED {
			return fmt.Errorf("%v %s %s", h.end, h.out, h.err)
		}
		if problem := isRefused.meets(s.run(program(find), nil)); problem != "" {
			return errors.New(problem)
		}
		return nil
	}
}

// beside performs an attack while another run holds something, and ends that one.
func (s *scene) beside(holds *pb.Start, attack *pb.Start) (holder, attacker heard) {
	ready, stdin, ended := make(chan struct{}), make(chan []byte), make(chan heard, 1)
	go func() {
		told := false
		ended <- s.runWith(holds, stdin, func(event *pb.ExecuteResponse) error {
			if !told && strings.Contains(string(event.GetOutput().GetData()), "\n") {
				told = true
				close(ready)
			}
			return nil
		})
	}()
	select {
	case <-ready:
		attacker = s.run(attack, nil)
		close(stdin)
		holder = <-ended
	case holder = <-ended: // It could hold nothing.
		attacker = s.run(attack, nil)
	}
	return holder, attacker
}

func socketOfAnother(s *scene) error {
	holder, attacker := s.beside(program("hold-socket"), program("find-socket"))
	if holder.end.GetVerdict() != pb.Verdict_VERDICT_PASSED {
		return fmt.Errorf("%v %s", holder.end, holder.err)
	}
	if problem := isRefused.meets(attacker); problem != "" {
		return errors.New(problem)
	}
	return nil
}

func portOfAnother(s *scene) error {
	holder, attacker := s.beside(program("listen", "127.0.0.1:6060"), program("machine-ports", "127.0.0.1:6060"))
	if holder.end.GetVerdict() != pb.Verdict_VERDICT_PASSED {
		return fmt.Errorf("%v %s", holder.end, holder.err)
	}
	if problem := isRefused.meets(attacker); problem != "" {
		return errors.New(problem)
	}
	return nil
}
