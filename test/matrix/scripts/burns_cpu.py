def transform(input_data):
    number = 0
    while True:  # at the cut: computing
        number += 1  # at the cut: computing
