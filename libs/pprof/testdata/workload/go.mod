module workload.example/shapes

go 1.25
