"""Starts processes, watches them, restarts those that crash and leaves none behind."""
