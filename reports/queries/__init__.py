"""Every read of the figures and of the records behind them."""
