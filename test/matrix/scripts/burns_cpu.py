def transform(input_data):
    number = 0
    while True:
        number += 1
