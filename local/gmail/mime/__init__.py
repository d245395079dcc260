"""MIME, read from bytes that may be malformed: heads, bodies, the tree of parts, and the words in them."""
