"""The customers of the firm, their contacts, and what is agreed and open with them."""
