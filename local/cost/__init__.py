"""What the system costs a month: docs/quota.md's counted operations, times habits, times list prices."""
