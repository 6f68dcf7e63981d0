"""What only the script's own process can tell: how long imports took, when garbage was collected, what its threads are called, who allocated."""
