import time

time.sleep(2)


def transform(input_data):
    return {}
