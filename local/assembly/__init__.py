"""What makes the local stack out of processes: folders, data set, secrets, settings, services, topics."""
