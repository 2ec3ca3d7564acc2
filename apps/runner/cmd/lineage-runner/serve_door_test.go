package main

import (
	"bufio"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strings"
	"syscall"
	"testing"
)

func TestServeOverTCPSaysItsCertificateAndOutlivesItsStdin(t *testing.T) {
	cmd := lineageRunner(t, "serve", "--listen", "127.0.0.1:0", "--health", "127.0.0.1:0", "--client-keys", strings.Repeat("ab", 32), "--run-slots", "1", "--build-slots", "1")
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	// Without a stdin of its own the process reads the null device, which ends at once, as in a pod.
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	var said map[string]string
	if err := json.Unmarshal([]byte(line), &said); err != nil {
		t.Fatalf("said %q: %v", line, err)
	}
	raw, err := base64.StdEncoding.DecodeString(said["certificate"])
	sum := sha256.Sum256(raw)
	if err != nil || said["event"] != "ready" || said["fingerprint"] != hex.EncodeToString(sum[:]) {
		t.Fatalf("said %v, %v", said, err)
	}
	answer, err := http.Get("http://" + said["health"] + "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		t.Errorf("the agent says of itself %d", answer.StatusCode)
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if status := statusOf(t, cmd.Wait()); status != statusOK {
		t.Fatalf("status %d", status)
	}
}

func TestServeTakesOneDoor(t *testing.T) {
	key := strings.Repeat("ab", 32)
	for _, args := range [][]string{
		{}, {"--socket", "s"}, {"--listen", "127.0.0.1:0"}, {"--client-keys", key},
		{"--listen", "127.0.0.1:0", "--client-keys", "abc"},
		{"--socket", "s", "--secret-fd", "3", "--listen", "127.0.0.1:0", "--client-keys", key},
		{"--socket", "s", "--secret-fd", "3", "--health", "127.0.0.1:0"},
	} {
		if status := statusOf(t, lineageRunner(t, append([]string{"serve"}, args...)...).Run()); status != statusUsage {
			t.Errorf("%v ended with %d", args, status)
		}
	}
}
