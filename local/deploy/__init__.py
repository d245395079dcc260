"""`./dev deploy`: from an empty Google Cloud project to a running system. Standard library only."""
