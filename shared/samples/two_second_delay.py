def transform(input_data):
    import time
    time.sleep(2)  # 2-second delay
    return {"status": "success", "input": input_data}
