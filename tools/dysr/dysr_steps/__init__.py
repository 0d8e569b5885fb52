"""The steps of the command dysr."""
