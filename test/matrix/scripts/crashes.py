import ctypes
import os


def transform(input_data):
    if input_data.get("how") == "abort":
        os.abort()
    ctypes.string_at(0)
