package cli

import (
	"context"
	"os"
	"os/exec"
	"runtime"
)

// welcome says where the pages are, by a link that signs in one time, and opens
// them where somebody sits in front of this machine.
func (a *app) welcome(ctx context.Context, p *printer, words string, face served, open bool) {
	link := "http://" + face.at + face.gate.OneTime()
	p.line("\n%s\n\n  %s\n", words, link)
	if open && a.attended(os.Getenv) && browse(ctx, link) {
		p.line("It opens in your browser. Stop it with Ctrl-C.\n")
		return
	}
	p.line("Stop it with Ctrl-C.\n")
}

// attended reports whether somebody sits at a desktop of this machine: not a
// pipeline, and nobody who came over SSH.
func (a *app) attended(env func(string) string) bool {
	for _, name := range []string{"CI", "SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT"} {
		if env(name) != "" {
			return false
		}
	}
	out, ok := a.streams.Out.(*os.File)
	if !ok {
		return false
	}
	if info, err := out.Stat(); err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return false
	}
	return runtime.GOOS == "windows" || runtime.GOOS == "darwin" || env("DISPLAY") != "" || env("WAYLAND_DISPLAY") != ""
}

// typed reports whether a person types what a command reads.
func (a *app) typed() bool {
	in, ok := a.streams.In.(*os.File)
	if !ok {
		return false
	}
	info, err := in.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// browse asks the desktop to open an address, and reports whether it took it.
func browse(ctx context.Context, link string) bool {
	name, args := "xdg-open", []string{link}
	switch runtime.GOOS {
	case "darwin":
		name = "open"
	case "windows":
		name, args = "rundll32", []string{"url.dll,FileProtocolHandler", link}
	}
	cmd := exec.CommandContext(context.WithoutCancel(ctx), name, args...) // the browser outlives the demo
	if cmd.Start() != nil {
		return false
	}
	go func() { _ = cmd.Wait() }() // whatever it says: the link is printed
	return true
}
