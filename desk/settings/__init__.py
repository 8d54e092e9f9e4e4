"""What 设置 holds."""
