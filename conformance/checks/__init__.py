"""One module an area, one function a check."""
