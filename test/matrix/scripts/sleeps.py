import time


def transform(input_data):
    time.sleep(input_data.get("seconds", 2))  # at the cut: sleep
    return {"slept": True}
