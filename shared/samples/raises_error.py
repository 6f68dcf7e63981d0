"""Meets a record that is not like the others."""


def net_price(item):
    return item["price"] / (1 + item["vat"])


def transform(input_data):
    prices = []
    for item in input_data["items"]:
        print("item", item["sku"])
        prices.append(round(net_price(item), 2))
    return {"net": prices}
