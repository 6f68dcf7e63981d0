"""Killed by the kernel without a word to anybody: nothing but the last sample tells where it was, so it stays there for half a second."""
import time


def transform(input_data):
    blocks = []
    while True:
        blocks.append(bytearray(6 * 1024 * 1024))  # at the cut
        time.sleep(0.02)  # at the cut
