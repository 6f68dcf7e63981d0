def transform(input_data):
    if input_data.get("how") == "nan":
        return {"orders": [{"price": float("nan")}]}
    if input_data.get("how") == "cycle":
        value = {}
        value["self"] = value
        return value
    return {"when": {1, 2}}
