"""Faults of the reference endpoint: small, named, deliberate defects, filed by what they break.

Where a picture comes from: ``base64``, ``url``, ``downloads``, and ``security`` for what must
not be fetched. What is seen of it: ``pictures``. What stands beside it: ``multi_image``,
``history``, ``text``, ``placeholders``, ``parameters``, ``tools``. What belongs to another request:
``cache``. What is too much: ``limits``. What comes back: ``shape``, ``sdk``, ``streaming``,
``usage``, ``empty_answers``, and ``errors`` and ``leaks``. Other doors: ``dialects``, ``models``.
"""
