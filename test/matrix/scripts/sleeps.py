import time


def transform(input_data):
    time.sleep(input_data.get("seconds", 2))
    return {"slept": True}
