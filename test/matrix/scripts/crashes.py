import ctypes
import os


def transform(input_data):
    if input_data.get("how") == "abort":
        os.abort()  # at the cut
    ctypes.string_at(0)  # at the cut
