"""One file a command; heavy imports belong inside `run`."""
