"""The sub-commands of dydca, a module each: its text of help, add_options and run."""
