module lesson

go 1.27

require golang.org/x/sync v0.18.0
