"""The Python side of a run: the supervisor, the wrapper around the user's script, and what they share."""
