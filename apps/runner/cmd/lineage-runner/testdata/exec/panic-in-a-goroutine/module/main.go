package main

func main() {
	work := make(chan int)
	go fail(work)
	work <- 0
	select {}
}

func fail(work chan int) {
	println(1 / <-work)
}
