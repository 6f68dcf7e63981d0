"""Reads a report into memory, block by block, until there is no more room."""


def load_block(size):
    return bytearray(size)


def transform(input_data):
    size = input_data["block_mb"] * 1024 * 1024
    blocks = []
    for number in range(input_data["blocks"]):
        blocks.append(load_block(size))
        if number % 8 == 7:
            print(f"{(number + 1) * input_data['block_mb']} MB held")
    return {"held_mb": len(blocks) * input_data["block_mb"]}
