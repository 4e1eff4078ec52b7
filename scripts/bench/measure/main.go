//go:build unix

// Command measure runs a command without its output and prints what it took,
// as JSON: seconds, processor seconds, the most memory it held at once in
// bytes, and its exit status. The system counts a command's memory as at least
// that of the process that started it: this one has 2 MB.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"time"
)

// unit is the number of bytes in which the system counts memory.
var unit = map[bool]int64{true: 1, false: 1024}[runtime.GOOS == "darwin"]

func main() {
	command := exec.Command(os.Args[1], os.Args[2:]...)
	start := time.Now()
	err := command.Run()
	seconds := time.Since(start).Seconds()
	if _, failed := errors.AsType[*exec.ExitError](err); err != nil && !failed {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	state := command.ProcessState
	usage := state.SysUsage().(*syscall.Rusage)
	if err := json.NewEncoder(os.Stdout).Encode(map[string]any{
		"seconds": seconds, "cpu": (state.UserTime() + state.SystemTime()).Seconds(),
		"bytes": int64(usage.Maxrss) * unit, "status": state.ExitCode(),
	}); err != nil {
		os.Exit(1)
	}
}
