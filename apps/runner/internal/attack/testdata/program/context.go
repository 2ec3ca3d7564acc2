package main

import "context"

type ctx = context.Context

func background() ctx { return context.Background() }
