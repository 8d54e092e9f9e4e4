"""The record page as data: head, stepper, actions, sections, time line, and what stands beside them."""
