//go:build unix

package main

import (
	"bufio"
	"bytes"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// conversation is a command that is talked to.
type conversation struct {
	*exec.Cmd
	in   io.WriteCloser
	out  *bufio.Reader
	seen bytes.Buffer
}

// talk starts a command whose answers come by a pipe and whose questions are
// read.
func talk(t *testing.T, cmd *exec.Cmd) *conversation {
	t.Helper()
	in, err := cmd.StdinPipe()
	require.NoError(t, err)
	out, err := cmd.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	c := newConversation(cmd, out)
	c.in = in
	return c
}

func newConversation(cmd *exec.Cmd, out io.Reader) *conversation {
	return &conversation{Cmd: cmd, out: bufio.NewReader(out)}
}

// await reads on until a text has been said.
func (c *conversation) await(t *testing.T, text string) {
	t.Helper()
	for said := c.seen.Len(); !strings.HasSuffix(c.seen.String()[said:], text); {
		b, err := c.out.ReadByte()
		require.NoError(t, err, "before %q: %s", text, &c.seen)
		c.seen.WriteByte(b)
	}
}

// end reads the rest and gives the exit status.
func (c *conversation) end(t *testing.T) int {
	t.Helper()
	_, err := io.Copy(&c.seen, c.out)
	require.NoError(t, err)
	_ = c.Wait()
	return c.ProcessState.ExitCode()
}

const question = "Make this change [y,n,a,d,q,?]? "

// A signal at a prompt ends the run, and so does the end of the answers: nothing
// more is written, what was written before is said and can be taken back.
func TestEndAtAPrompt(t *testing.T) {
	ends := map[string]func(c *conversation){
		"Ctrl-C":  func(c *conversation) { _ = c.Process.Signal(os.Interrupt) },
		"SIGTERM": func(c *conversation) { _ = c.Process.Signal(syscall.SIGTERM) },
		"SIGHUP":  func(c *conversation) { _ = c.Process.Signal(syscall.SIGHUP) },
		"EOF":     func(c *conversation) { c.in.Close() },
	}
	for name, end := range ends {
		why := "pyxlate: interrupted"
		if name == "EOF" {
			why = "pyxlate: the input ended before all questions were answered"
		}
		t.Run(name, func(t *testing.T) {
			lay(t, map[string]string{"a.py": "toysdk\n", "b.py": "toysdk\n\n\ntoysdk\n", "c.py": "toysdk\n"})
			run := program(t, "pyxlate", "-w", "-i", "a.py", "b.py", "c.py")
			c := talk(t, run)
			c.await(t, question)
			_, _ = c.in.Write([]byte("y\n"))
			c.await(t, question)
			_, _ = c.in.Write([]byte("y\n")) // of b.py, which has one more
			c.await(t, question)
			end(c)
			assert.Equal(t, statusFailed, c.end(t))
			_, _ = c.in.Write([]byte("a\na\n")) // to nobody
			assert.Contains(t, c.seen.String(), why+"; 1 file was rewritten before, and `pyxlate undo` takes this back\n")
			for file, want := range map[string]string{"a.py": "newsdk\n", "b.py": "toysdk\n\n\ntoysdk\n", "c.py": "toysdk\n"} {
				text, err := os.ReadFile(file)
				require.NoError(t, err)
				assert.Equal(t, want, string(text), file)
			}
			undo := program(t, "pyxlate", "undo")
			undo.Env = run.Env
			status, _, stderr := outcomeOf(t, undo)
			assert.Equal(t, statusDone, status, stderr)
			text, err := os.ReadFile("a.py")
			require.NoError(t, err)
			assert.Equal(t, "toysdk\n", string(text))
		})
		t.Run(name+" at the first", func(t *testing.T) {
			lay(t, map[string]string{"a.py": "toysdk\n"})
			c := talk(t, program(t, "pyxlate", "-w", "-i", "a.py"))
			c.await(t, question)
			end(c)
			assert.Equal(t, statusFailed, c.end(t))
			assert.Contains(t, c.seen.String(), why+"; no file was written\n")
		})
		t.Run(name+" of a copy", func(t *testing.T) {
			lay(t, map[string]string{"a.py": "toysdk\n", "b.py": "toysdk\n"})
			c := talk(t, program(t, "pyxlate", "-o", "out", "-i", "a.py", "b.py"))
			c.await(t, question)
			_, _ = c.in.Write([]byte("y\n"))
			c.await(t, question)
			end(c)
			assert.Equal(t, statusFailed, c.end(t))
			assert.Contains(t, c.seen.String(), why+"; the copy at out is not complete\n")
			assert.NoFileExists(t, "out/b.py")
		})
	}
}

// Whatever a run waits for, a signal ends it: here the text to translate.
func TestEndWhileItWaits(t *testing.T) {
	for _, signal := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		c := talk(t, program(t, "pyxlate", "-"))
		// Only once it reads does it take from the pipe what fits nowhere else.
		_, err := c.in.Write(bytes.Repeat([]byte("# more\n"), 1<<17))
		require.NoError(t, err)
		require.NoError(t, c.Process.Signal(signal))
		assert.Equal(t, statusFailed, c.end(t))
		assert.Equal(t, "pyxlate: interrupted\n", c.seen.String())
	}
}

// Nor does it wait for a program that is too much for the engine.
func TestEndWhileItWorks(t *testing.T) {
	for _, args := range [][]string{{"a.py"}, {"-w", "a.py"}, {"-o", "out", "a.py"}, {"--check", "."}} {
		lay(t, map[string]string{"a.py": "toysdk\n"})
		c := talk(t, program(t, "pyxlate-busy", args...))
		c.await(t, "at work\n")
		require.NoError(t, c.Process.Signal(syscall.SIGTERM))
		assert.Equal(t, statusFailed, c.end(t))
		assert.Contains(t, c.seen.String(), "pyxlate: interrupted")
	}
}

// What the user has the process ignore (nohup) does not end it.
func TestSignalsThatAreIgnored(t *testing.T) {
	lay(t, map[string]string{"a.py": "toysdk\n"})
	cmd := program(t, "pyxlate", "-w", "-i", "a.py")
	cmd.Args = append([]string{"sh", "-c", `trap "" HUP; exec "$0" "$@"`}, cmd.Args...)
	cmd.Args[3] = cmd.Path
	cmd.Path = "/bin/sh"
	c := talk(t, cmd)
	c.await(t, question)
	require.NoError(t, c.Process.Signal(syscall.SIGHUP))
	_, err := c.in.Write([]byte("y\n"))
	require.NoError(t, err)
	assert.Equal(t, statusDone, c.end(t))
}
