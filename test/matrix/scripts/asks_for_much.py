"""Asks for memory in one piece: `count` of something, with `held` bytes in use already."""
import mmap
import multiprocessing


def work(_):
    return len(bytes(10**18))


def transform(input_data):
    count = int(input_data["count"])
    held = bytearray(int(input_data.get("held", 0)))
    how = input_data["how"]
    if how == "list":
        made = [0] * count
    elif how == "text":
        made = "x" * count
    elif how == "bytes":
        made = bytes(count)
    elif how == "mmap":
        made = mmap.mmap(-1, count)
    elif how == "pool":
        with multiprocessing.get_context("fork").Pool(1) as pool:
            made = pool.map(work, [0])
    elif how == "parser":
        made = [eval("-" * count + "1")]
    return {"made": len(made), "held": len(held)}
