"""One module an area, or a folder of modules where it has many; one function a check."""
