def transform(input_data):
    for _ in range(2000):
        print("x" * 1000)
    return {"ok": True}
