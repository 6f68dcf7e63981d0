"""Returns a date and a set, which are fine in Python and nothing in JSON."""
from datetime import date


def transform(input_data):
    orders = []
    for order in input_data["orders"]:
        tags = set(order["tags"])
        orders.append({"id": order["id"], "due": date.fromisoformat(order["due"]), "tags": tags})
    return {"orders": orders}
