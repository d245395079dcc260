"""Builds what is deployed: one zip for each function, and the requirements that Cloud Build installs for it.

Reads the product's files, imports none of them.
"""
