import os
import time


def transform(input_data):
    children = []
    while len(children) < input_data.get("children", 200):
        pid = os.fork()
        if pid == 0:
            time.sleep(5)
            os._exit(0)
        children.append(pid)
    return {"children": len(children)}
