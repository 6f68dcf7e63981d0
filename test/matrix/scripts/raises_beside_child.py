import multiprocessing
import time


def transform(input_data):
    worker = multiprocessing.get_context("fork").Process(target=time.sleep, args=(30,))
    worker.start()
    worker.join(0.1)
    raise TimeoutError("worker still alive")
