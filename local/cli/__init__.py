"""The commands of ./dev. Nothing is installed yet when they start: they import the standard library only."""
