"""Stands for the Gmail API and Google's OAuth server on one machine."""
