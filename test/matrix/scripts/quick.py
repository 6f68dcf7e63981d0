def transform(input_data):
    return {"ok": True}
