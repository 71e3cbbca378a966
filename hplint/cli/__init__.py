"""The command line: one module per command, each with `describe(parser)` and `run(arguments) -> exit status`."""
