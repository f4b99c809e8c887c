"""Lets `python -m workflow.cli` be the `delegations` command."""

from workflow.cli import main

main()
