"""The steps of the command nas."""
