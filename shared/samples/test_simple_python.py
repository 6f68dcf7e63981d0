"""The simplest check: does a script run at all, and with which Python?"""
import platform
import sys


def transform(input_data):
    print("Python", platform.python_version(), "at", sys.executable)
    return {"status": "success", "python": platform.python_version(), "input": input_data}


if __name__ == "__main__":
    print(transform({"test": "simple"}))
