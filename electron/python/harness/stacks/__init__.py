"""Where Python is: the stacks of the script's threads, read from outside, and what each thread is doing."""
