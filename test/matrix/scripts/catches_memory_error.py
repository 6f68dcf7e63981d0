def transform(input_data):
    try:
        bytearray(4 * 1024 ** 3)
    except MemoryError:
        return {"caught": True}
    return {"caught": False}
