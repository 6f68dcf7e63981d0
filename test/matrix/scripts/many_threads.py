import threading


def transform(input_data):
    stop = threading.Event()
    threads = []
    try:
        for _ in range(input_data.get("threads", 500)):
            thread = threading.Thread(target=stop.wait)
            thread.start()
            threads.append(thread)
    finally:
        stop.set()
    return {"threads": len(threads)}
