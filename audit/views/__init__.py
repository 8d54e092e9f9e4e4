"""The pages of the review; reading is decided by `audit.access`, writing by the actions."""
