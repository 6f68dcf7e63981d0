"""A transform like most: reads records, computes, writes to both streams, returns a dict."""
import sys


def transform(input_data):
    records = input_data.get("records", [])
    print(f"processing {len(records)} records")
    total = 0
    for record in records:
        if "amount" not in record:
            print(f"record {record.get('id')} has no amount, skipped", file=sys.stderr)
            continue
        total += record["amount"]
    return {"status": "success", "records": len(records), "total": round(total, 2)}


if __name__ == "__main__":
    print(transform({"records": [{"id": 1, "amount": 10.5}, {"id": 2}]}))
