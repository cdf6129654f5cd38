"""What is kept between requests, or mixed up among them: the same words, other pictures."""

ORDER = ("one_after_the_other", "alike", "at_once", "again_and_again")
