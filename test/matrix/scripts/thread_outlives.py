import threading
import time


def transform(input_data):
    threading.Thread(target=time.sleep, args=(3,)).start()
    return {"returned": True}
