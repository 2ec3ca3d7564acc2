package sandbox

import "net"

// onlyLoopback says whether this process sees no network interface but `lo`.
func onlyLoopback() bool {
	interfaces, err := net.Interfaces()
	if err != nil {
		return false
	}
	for _, i := range interfaces {
		if i.Flags&net.FlagLoopback == 0 {
			return false
		}
	}
	return true
}
