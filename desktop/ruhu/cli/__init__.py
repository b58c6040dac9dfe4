"""The `ruhu` command: one module a subcommand, wired together here."""
