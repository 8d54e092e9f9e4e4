"""What open pages ask while somebody looks at them."""
