"""Faults with addresses that must not be fetched, files that must not be opened, and floods.

None of them connects outside loopback: ``LoopbackOnly`` stands behind every one. None exhausts
the machine: what is too large is counted, not kept.
"""
