import time

time.sleep(2)  # at the cut: sleep


def transform(input_data):
    return {}
