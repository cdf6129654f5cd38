"""What is asked: pictures, words and turns put together to requests."""
