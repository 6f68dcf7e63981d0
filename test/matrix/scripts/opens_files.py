def transform(input_data):
    files = []
    while True:
        files.append(open("/dev/null"))
