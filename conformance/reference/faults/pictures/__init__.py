"""Faults with pictures as such: refused, lost, misread, or seen with less in them."""
