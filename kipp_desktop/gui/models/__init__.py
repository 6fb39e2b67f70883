"""Table models over plain values, and how a table shows them."""
