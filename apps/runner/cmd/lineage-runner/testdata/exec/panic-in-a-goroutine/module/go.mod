module lesson

go 1.27
