def transform(input_data):
    return list(range(input_data.get("items", 50000)))
