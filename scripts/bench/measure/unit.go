package main

import "runtime"

// unit is the number of bytes in which the system counts memory.
var unit = map[bool]int64{true: 1, false: 1024}[runtime.GOOS == "darwin"]
