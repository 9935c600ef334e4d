package cli

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"tandem/config"
)

// Streams are where a command reads and writes.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
}

// The exit codes.
const (
	exitDone    = 0
	exitFailed  = 1
	exitWrong   = 2
	exitRefused = 3
)

// codedError ends the program with its code.
type codedError struct {
	code int
	err  error
}

func (e codedError) Error() string { return e.err.Error() }
func (e codedError) Unwrap() error { return e.err }

// wrong says that the input is wrong: exit code 2.
func wrong(format string, args ...any) error {
	return codedError{exitWrong, fmt.Errorf(format, args...)}
}

// refused says that something was done, and something was refused.
func refused(format string, args ...any) error {
	return codedError{exitRefused, fmt.Errorf(format, args...)}
}

// Main runs one command and returns the exit code.
func Main(ctx context.Context, streams Streams, version string, args []string) int {
	root := newRoot(streams, version) //nolint:contextcheck // cobra hands the context to each command
	root.SetArgs(args)
	root.SetIn(streams.In)
	root.SetOut(streams.Out)
	root.SetErr(streams.Err)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitDone
	}
	var coded codedError
	var mistakes config.Diagnostics
	switch {
	case errors.As(err, &mistakes):
		_, _ = fmt.Fprintln(streams.Err, mistakes.Error())
		return exitWrong
	case errors.As(err, &coded):
		_, _ = fmt.Fprintln(streams.Err, "tandem: "+coded.Error())
		return coded.code
	default:
		_, _ = fmt.Fprintln(streams.Err, "tandem: "+err.Error())
		return exitFailed
	}
}

// app is what all commands share: the global flags and the streams.
type app struct {
	streams Streams
	version string
	config  string
	json    bool
}

func newRoot(streams Streams, version string) *cobra.Command {
	a := &app{streams: streams, version: version}
	root := &cobra.Command{
		Use:   "tandem",
		Short: "One order for product managers and product owners, across Jira, GitHub and feedback",
		Long: "Tandem reads Jira, GitHub and feedback, ranks and routes by rules that you write in YAML,\n" +
			"and writes priorities and labels back. Start with: tandem demo, and then with your own Jira: tandem init",
		Version:       version,
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          cobra.NoArgs,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error {
		return wrong("%w; see: tandem --help", err)
	})
	flags := root.PersistentFlags()
	flags.StringVarP(&a.config, "config", "c", "tandem.yaml", "settings file")
	flags.BoolVar(&a.json, "json", false, "print one JSON object instead of text")
	config.AddFlags(flags)
	a.addCommands(root)
	return root
}

// addCommands adds all commands, in the groups in which help lists them.
func (a *app) addCommands(root *cobra.Command) {
	for _, group := range []struct {
		title    string
		commands []*cobra.Command
	}{
		{"From nothing to a daemon:", []*cobra.Command{a.demoCommand(), a.initCommand(), a.checkCommand(), a.planCommand(), a.applyCommand(), a.runCommand()}},
		{"What is the order, and why:", []*cobra.Command{a.explainCommand(), a.tensionCommand(), a.whatIfCommand(), a.fitsCommand(), a.inboxCommand(), a.loadCommand(), a.linksCommand(), a.digestCommand(), a.runsCommand()}},
		{"People know better:", []*cobra.Command{a.overrideCommand(), a.objectCommand(), a.releaseCommand(), a.rejectCommand()}},
		{"Something is wrong, or must stop:", []*cobra.Command{a.statusCommand(), a.pauseCommand(), a.resumeCommand(), a.undoCommand(), a.retireCommand(), a.backupCommand(), a.forgetCommand()}},
		{"Writing settings and rules:", []*cobra.Command{a.connectorsCommand(), a.rulesCommand(), a.schemaCommand()}},
	} {
		root.AddGroup(&cobra.Group{ID: group.title, Title: group.title})
		for _, command := range group.commands {
			command.GroupID = group.title
			root.AddCommand(command)
		}
	}
	root.AddCommand(a.versionCommand())
}

func (a *app) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Print the version, as --version does", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := fmt.Fprintf(a.streams.Out, "%s version %s\n", cmd.Root().Name(), a.version)
			return err
		},
	}
}
