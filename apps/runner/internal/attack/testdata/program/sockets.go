package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"syscall"
	"time"
)

var sockets = map[string]attack{
	"internet":      internet,
	"names":         names,
	"version-six":   versionSix,
	"machine-ports": machinePorts,
	"unix-sockets":  unixSockets,
	"odd-families":  oddFamilies,
	"raw-sockets":   rawSockets,
	"high-bits":     highBits,
	"own-server":    ownServer,
	"listen":        listen,
	"squat":         squat,
	"pass-files":    passFiles,
	"interfaces":    interfaces,
}

func dial(network, address string) error {
	connection, err := net.DialTimeout(network, address, 3*time.Second)
	if err == nil {
		connection.Close()
	}
	return err
}

func internet([]string) {
	began := time.Now()
	for _, address := range []string{"192.0.2.1:80", "10.0.0.1:22", "172.16.0.1:443", "192.168.0.1:80", "1.1.1.1:443", "255.255.255.255:9"} {
		try("connect to "+address, dial("tcp", address))
	}
	if time.Since(began) > 2*time.Second {
		try("wait for an answer", nil)
	}
}

func names([]string) {
	_, err := net.LookupHost("example.com")
	try("look a name up", err)
	_, err = (&net.Resolver{PreferGo: true, Dial: func(ctx ctx, network, _ string) (net.Conn, error) {
		return net.DialTimeout("udp", "8.8.8.8:53", time.Second)
	}}).LookupHost(background(), "example.com")
	try("ask a server of names", err)
	connection, err := net.Dial("udp", "192.0.2.1:53")
	if err == nil {
		_, err = connection.Write([]byte("x"))
		connection.Close()
	}
	try("send a datagram", err)
}

func versionSix([]string) {
	for _, address := range []string{"[2001:db8::1]:80", "[fe80::1%lo]:80", "[fd00::1]:443", "[::ffff:192.0.2.1]:80"} {
		try("connect to "+address, dial("tcp", address))
	}
}

// machinePorts are served on the loopback of the machine, as the server and its database are.
func machinePorts(args []string) {
	for _, address := range args {
		try("connect to "+address, dial("tcp", address))
	}
}

func unixSockets(args []string) {
	for _, address := range append(args, "/run/dbus/system_bus_socket", "/var/run/docker.sock", "/run/containerd/containerd.sock") {
		try("connect to "+address, dial("unix", address))
		try("send to "+address, dial("unixgram", address))
	}
}

func oddFamilies([]string) {
	for name, family := range map[string]int{
		"packet": 17, "crypto": 38, "virtual machine": 40, "key": 15, "bluetooth": 31, "can": 29, "rds": 21, "tipc": 30, "xdp": 44,
		"infrared": 23, "x25": 9, "appletalk": 5, "ax25": 3, "smc": 43, "kcm": 41, "nfc": 39, "ieee802154": 36, "phonet": 35, "caif": 37,
		"llc": 26, "mctp": 45, "atm": 8, "rose": 11, "rxrpc": 33, "isdn": 34,
	} {
		for _, kind := range []int{syscall.SOCK_DGRAM, syscall.SOCK_RAW, syscall.SOCK_STREAM, syscall.SOCK_SEQPACKET} {
			fd, err := syscall.Socket(family, kind, 0)
			if err == nil {
				syscall.Close(fd)
			}
			try("open a socket of the family "+name, err)
		}
	}
	for _, protocol := range []int{4, 6, 9, 10, 12, 15, 16} { // sock_diag, xfrm, audit, fib, netfilter, uevent, generic
		fd, err := syscall.Socket(syscall.AF_NETLINK, syscall.SOCK_RAW, protocol)
		if err == nil {
			syscall.Close(fd)
		}
		try(fmt.Sprint("speak to the kernel by netlink ", protocol), err)
	}
}

func rawSockets([]string) {
	for _, family := range []int{syscall.AF_INET, syscall.AF_INET6} {
		for _, protocol := range []int{1, 58, 255} {
			fd, err := syscall.Socket(family, syscall.SOCK_RAW, protocol)
			if err == nil {
				syscall.Close(fd)
			}
			try("open a raw socket", err)
		}
		fd, err := syscall.Socket(family, syscall.SOCK_SEQPACKET, 132)
		if err == nil {
			syscall.Close(fd)
		}
		try("open an SCTP socket", err)
	}
}

// highBits asks for families with bits set that the kernel does not look at, and a filter may.
func highBits([]string) {
	for _, family := range []uintptr{syscall.AF_INET, syscall.AF_UNIX, syscall.AF_NETLINK, 38, 40} {
		try("open a socket with high bits", call(syscall.SYS_SOCKET, family|1<<32, syscall.SOCK_DGRAM, 0))
	}
	try("slow another process with high bits", call(syscall.SYS_SETPRIORITY, 1<<32|syscall.PRIO_USER, 0, 19))
	try("be traced with high bits", call(1<<32|syscall.SYS_PTRACE, 0))
}

// ownServer is what lessons do: a server and its client in one program.
func ownServer([]string) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		try("listen on its own loopback", err)
		return
	}
	listener.Close()
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	answer, err := http.Get(server.URL)
	if err == nil {
		_, err = io.ReadAll(answer.Body)
	}
	try("use its own server", err)
}

// listen serves on a port until its input ends.
func listen(args []string) {
	listener, err := net.Listen("tcp", args[0])
	if err != nil {
		try("listen", err)
		return
	}
	fmt.Println("listening")
	go func() {
		for {
			connection, err := listener.Accept()
			if err == nil {
				_, _ = connection.Write([]byte("neighbour"))
				connection.Close()
			}
		}
	}()
	_, _ = io.Copy(io.Discard, os.Stdin)
}

// squat takes the ports that others of the machine serve on.
func squat(args []string) {
	for _, address := range args {
		try("connect to "+address, dial("tcp", address))
		listener, err := net.Listen("tcp", address)
		if err == nil {
			listener.Close() // In a network of its own that hurts nobody: the test looks at the real port.
		}
	}
}

// passFiles sends open files through a pair of sockets, where no list of a process's files shows them.
func passFiles([]string) {
	block := make([]byte, 1<<20)
	for {
		time.Sleep(5 * time.Millisecond)
		ends, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_DGRAM, 0)
		if err != nil {
			try("hold more files in sockets", err)
			return
		}
		file, err := os.CreateTemp(".", "gone")
		if err == nil {
			os.Remove(file.Name())
			_, err = file.Write(block)
		}
		if err != nil {
			panic(err)
		}
		if err := syscall.Sendmsg(ends[0], []byte("x"), syscall.UnixRights(int(file.Fd())), nil, 0); err != nil {
			try("hide an open file in a socket", err)
			return
		}
		file.Close()
	}
}

// interfaces names the machine's network.
func interfaces([]string) {
	found, err := net.Interfaces()
	if err != nil {
		try("list the machine's network", err)
		return
	}
	for _, i := range found {
		if i.Flags&net.FlagLoopback == 0 && i.Flags&net.FlagUp != 0 {
			try("see the interface "+i.Name, nil)
		}
	}
	try("see the machine's network", syscall.ENODEV)
}
