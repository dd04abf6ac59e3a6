"""The data that passes between steps: frozen, and free of any input or output."""
