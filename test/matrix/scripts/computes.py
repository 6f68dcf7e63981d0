import time


def transform(input_data):
    until = time.perf_counter() + input_data.get("seconds", 2)
    total = 0
    while time.perf_counter() < until:  # at the cut: computing
        total += sum(range(100))  # at the cut: computing
    return {"total": total > 0}
