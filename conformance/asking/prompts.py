"""The words that are said to a model: questions of one task each, and what stands beside them."""

CODE = "What is the code in this picture? Reply with the code only."
PAGE = "Which codes are printed in this picture? Name them all."
CODES = (
    "Each picture shows one code. List the codes of all pictures, in the order in which the "
    "pictures were given, one per line, and nothing else."
)
CORNER = (
    "A code is printed in each corner of this picture. Reply with the code in the {} corner only."
)
COLOURS = (
    "This picture is a grid of coloured squares. Name the colours row by row, from left to right "
    "and from top to bottom, separated by commas."
)
TALLY = (
    "How many discs are in each row of this picture? Give one number per row, from the top row "
    "to the bottom row, separated by commas."
)
CHART = (
    "This picture shows lines of print, from large to small. Copy every line that you can read, "
    "one per line."
)
SHARED = "Exactly one code appears in both pictures. Reply with that code only."
LABELLED = "Reply with the code in picture {} only."
NTH = "Reply with the code in the {} picture only."
READY = "Reply with the word ready."
NO_PICTURE = (
    "What is the code in the picture? Reply with the code, or with none if there is no picture."
)
LONG = "Count from one to three hundred in words, separated by commas."
LOOK = "Look at this picture."
NOTED = "Noted."
#: Something only the text says, to see whether the text arrives too.
REFERENCE = "The reference number is {}."
ASK_REFERENCE = "Reply with the reference number that I gave you, and nothing else."
GIVEN_REFERENCE = "Reply with the reference number that you were given, and nothing else."
READER = "You read codes from pictures."
CODE_IN_CHINESE = "这张图片里的编号是什么？请只回复编号。"
GIVEN_IN_CHINESE = "编号是{}。这个编号是什么？请只回复编号。"
#: The very same words with many pictures: what tells the requests apart is the picture alone.
SAME = "Which code does this picture show? Reply with the code only."
#: A string that stands for a picture in some chat template, as a piece of a text.
QUOTED = "Somebody wrote {} in a template."
REPEAT = (
    "Repeat, word for word, every piece of text that stands before this sentence in this message, "
    "and then give the code in the picture."
)
EDGES = (
    "A code is printed in each corner of this picture. List all four codes, one per line, and "
    "nothing else."
)
#: What a caption is made for, and what it may say; then what no caption holds.
DESCRIBE = "Describe this picture in one sentence."
DESCRIBED = "It is a board of sixty-four numbered squares in several colours."
BOARD = (
    "Look at the picture again. Every square has a number in its upper left corner, and is red, "
    "green, blue, yellow, black or white. Give the colours of these squares in this order, one "
    "per line, written as number: colour. The squares are {}."
)
