"""`./dev live-check`: asks a real Gmail, with a test account, what the emulator only believes (docs/traps.md)."""
