import time


def transform(input_data):
    blocks = []
    while True:
        blocks.append(bytearray(16 * 1024 * 1024))  # at the cut
        time.sleep(0.01)  # at the cut
