"""The page of the figures, and the lists behind them."""
