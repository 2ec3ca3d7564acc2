package execution

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

func mkdir(t *testing.T, base, name string, age time.Duration) string {
	t.Helper()
	dir := filepath.Join(base, name)
	if err := os.MkdirAll(filepath.Join(dir, "run-1"), 0o755); err != nil {
		t.Fatal(err)
	}
	when := time.Now().Add(-age)
	if err := os.Chtimes(dir, when, when); err != nil {
		t.Fatal(err)
	}
	return dir
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

func TestSweepRemovesWhatKilledAgentsLeftAndNothingElse(t *testing.T) {
	base := t.TempDir()
	dead, live := mkdir(t, base, workPrefix+"dead", 0), mkdir(t, base, workPrefix+"live", 0)
	if err := os.WriteFile(filepath.Join(dead, lockName), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	kept, err := claim(live)
	if err != nil {
		t.Fatal(err)
	}
	starting, never := mkdir(t, base, workPrefix+"starting", 0), mkdir(t, base, workPrefix+"never", 2*makingFor)
	other, elsewhere := mkdir(t, base, "somebody", 2*makingFor), mkdir(t, t.TempDir(), "elsewhere", 0)
	link := filepath.Join(base, workPrefix+"link")
	if err := os.Symlink(elsewhere, link); err != nil {
		t.Fatal(err)
	}
	removeAbandoned(base, workPrefix)
	for path, want := range map[string]bool{dead: false, never: false, live: true, starting: true, other: true, elsewhere: true, link: true} {
		if exists(path) != want {
			t.Errorf("%s: there %v, want %v", filepath.Base(path), !want, want)
		}
	}
	if err := kept.release(); err != nil || exists(live) {
		t.Fatal("the live one is left:", err)
	}
}

func TestDirectoryOfAnotherUserIsLeftAlone(t *testing.T) {
	if os.Getuid() != 0 {
		t.Log("only root can make a directory of another user")
		return
	}
	base := t.TempDir()
	dir := mkdir(t, base, workPrefix+"other", 2*makingFor)
	if err := os.Chown(dir, 65534, 65534); err != nil {
		t.Fatal(err)
	}
	if removeAbandoned(base, workPrefix); !exists(dir) {
		t.Fatal("it was removed")
	}
}

// TestKilledAgentsDirectoryIsSweptByTheNext kills a process that holds a claim.
func TestKilledAgentsDirectoryIsSweptByTheNext(t *testing.T) {
	base := t.TempDir()
	dir := mkdir(t, base, workPrefix+"killed", 0)
	// flock(1) takes the same kind of lock and becomes cat.
	holder := exec.Command("flock", "--no-fork", filepath.Join(dir, lockName), "cat")
	holder.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	stdin, err := holder.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := holder.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := holder.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := stdin.Write([]byte("x")); err != nil {
		t.Fatal(err)
	}
	if _, err := stdout.Read(make([]byte, 1)); err != nil { // It has the lock now.
		t.Fatal(err)
	}
	if removeAbandoned(base, workPrefix); !exists(dir) {
		t.Fatal("a live agent's directory was removed")
	}
	if err := syscall.Kill(-holder.Process.Pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	_ = holder.Wait()
	if removeAbandoned(base, workPrefix); exists(dir) {
		t.Fatal("a killed agent's directory is left")
	}
}

func TestSocketDirectoriesAreSweptBesideOurs(t *testing.T) {
	base := t.TempDir()
	dead, ours := mkdir(t, base, socketPrefix+"dead", 0), mkdir(t, base, socketPrefix+"ours", 0)
	if err := os.WriteFile(filepath.Join(dead, lockName), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := ClaimSocket(filepath.Join(ours, "agent.sock")); err != nil {
		t.Fatal(err)
	}
	if exists(dead) || !exists(ours) {
		t.Fatal("the wrong one was removed")
	}
	if err := ClaimSocket(filepath.Join(ours, "agent.sock")); err == nil {
		t.Fatal("two agents have one directory")
	}
}

func TestAgentsOfOneMachineHaveUsersOfTheirOwn(t *testing.T) {
	places := []string{filepath.Join(t.TempDir(), "locks")}
	seen := map[int]bool{}
	for range 3 {
		first, lock, err := lockRange(places)
		if err != nil {
			t.Fatal(err)
		}
		defer lock.Close()
		if seen[first] || first < firstUID {
			t.Fatalf("users from %d twice", first)
		}
		seen[first] = true
	}
	if os.Symlink(t.TempDir(), filepath.Join(filepath.Dir(places[0]), "link")) == nil {
		if _, _, err := lockRange([]string{filepath.Join(filepath.Dir(places[0]), "link")}); err == nil {
			t.Fatal("a link was followed")
		}
	}
}

func TestProcessesOfAKilledAgentsUsersAreEnded(t *testing.T) {
	if os.Getuid() != 0 {
		t.Log("only root can start a process of another user")
		return
	}
	// Beyond what any agent takes, so that this hurts nobody's slots.
	uid := firstUID + (maxAgents+1)*usersEach
	left := exec.Command("/bin/cat")
	left.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(uid)}}
	stdin, err := left.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer stdin.Close()
	if err := left.Start(); err != nil {
		t.Fatal(err)
	}
	endProcessesOf(uid, uid+1)
	err = left.Wait()
	if err == nil || !strings.Contains(err.Error(), "killed") {
		t.Fatal("it lives, process", strconv.Itoa(left.Process.Pid), err)
	}
}
