"""The catalogue: each system a row of definitions, one file a topic."""
