"""Faults with the download of pictures that are given by URL."""
