def transform(input_data):
    return {"a": 1
