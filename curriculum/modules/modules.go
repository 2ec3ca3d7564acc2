// Package modules names what exercises may import beside the standard library. `lineage-runner prepare --modules` takes it.
package modules

import (
	_ "github.com/gin-gonic/gin"
	_ "github.com/prometheus/client_golang/prometheus"
	_ "github.com/prometheus/client_golang/prometheus/promauto"
	_ "github.com/prometheus/client_golang/prometheus/promhttp"
	_ "go.etcd.io/raft/v3"
	_ "golang.org/x/sync/errgroup"
	_ "k8s.io/client-go/kubernetes/fake"
	_ "k8s.io/client-go/tools/cache"
)
