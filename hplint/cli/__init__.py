"""The command line: one module per command, each with `COMMAND` and `run(arguments) -> exit status`."""
