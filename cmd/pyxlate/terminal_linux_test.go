package main

import (
	"fmt"
	"os"
	"syscall"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// terminal opens a pseudo-terminal: what is written to keys is typed there.
func terminal(t *testing.T) (keys, screen *os.File) {
	t.Helper()
	keys, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skip(err)
	}
	t.Cleanup(func() { keys.Close() })
	var locked, number uint32
	for request, value := range map[uintptr]*uint32{syscall.TIOCSPTLCK: &locked, syscall.TIOCGPTN: &number} {
		_, _, errno := syscall.Syscall(syscall.SYS_IOCTL, keys.Fd(), request, uintptr(unsafe.Pointer(value)))
		require.Zero(t, errno)
	}
	screen, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Skip(err)
	}
	t.Cleanup(func() { screen.Close() })
	return keys, screen
}

// The key itself, as a terminal has it: Ctrl-C at the prompt.
func TestCtrlCOnATerminal(t *testing.T) {
	lay(t, map[string]string{"a.py": "toysdk\n", "b.py": "toysdk\n"})
	keys, screen := terminal(t)
	cmd := program(t, "pyxlate", "-w", "-i", "a.py", "b.py")
	cmd.Stdin, cmd.Stdout = screen, screen
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	out, err := cmd.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	c := newConversation(cmd, out)
	c.await(t, question)
	_, err = keys.WriteString("y\n")
	require.NoError(t, err)
	c.await(t, question)
	_, err = keys.WriteString("\x03")
	require.NoError(t, err)
	assert.Equal(t, statusFailed, c.end(t))
	assert.Contains(t, c.seen.String(), "pyxlate: interrupted; 1 file was rewritten before")
	text, err := os.ReadFile("b.py")
	require.NoError(t, err)
	assert.Equal(t, "toysdk\n", string(text))
}

// What reaches beyond the project is asked about on a terminal.
func TestUndoAsksOnATerminal(t *testing.T) {
	for answer, want := range map[string]string{"y\n": "toysdk\n", "what\nn\n": "newsdk\n", "\x04": "newsdk\n", "\x03": "newsdk\n"} {
		lay(t, map[string]string{"a/.git/HEAD": "", "a/x.py": "toysdk\n", "b/.git/HEAD": ""})
		write := program(t, "pyxlate", "-w", "x.py")
		write.Dir = "a"
		status, _, stderr := outcomeOf(t, write)
		require.Equal(t, statusDone, status, stderr)

		keys, screen := terminal(t)
		cmd := program(t, "pyxlate", "undo", "--all")
		cmd.Env, cmd.Dir = write.Env, "b"
		cmd.Stdin, cmd.Stdout = screen, screen
		cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
		out, err := cmd.StderrPipe()
		require.NoError(t, err)
		require.NoError(t, cmd.Start())
		t.Cleanup(func() { _ = cmd.Process.Kill() })
		c := newConversation(cmd, out)
		c.await(t, "wrote 1 file outside of this project, such as ")
		c.await(t, "a/x.py. Take it back [y,n]? ")
		_, err = keys.WriteString(answer)
		require.NoError(t, err)
		status = c.end(t)
		text, err := os.ReadFile("a/x.py")
		require.NoError(t, err)
		assert.Equal(t, want, string(text), "%q", answer)
		if want == "newsdk\n" {
			assert.Equal(t, statusFailed, status)
			assert.Regexp(t, "nothing is taken back|interrupted; nothing was restored", c.seen.String())
		} else {
			assert.Equal(t, statusDone, status)
		}
	}
}
