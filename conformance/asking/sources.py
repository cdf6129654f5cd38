"""Where the requirements come from. Every check names one of these."""

from __future__ import annotations

from conformance.model import Source

_SPEC = "https://github.com/openai/openai-openapi/blob/f85dbe223d40e1a31cba812ab2d755c7e98a92a3"
_GUIDE = "https://platform.openai.com/docs/guides/images-vision"

KEY_SAFETY = Source(
    title="OpenAI help, Best practices for API key safety",
    url="https://help.openai.com/en/articles/5112595-best-practices-for-api-key-safety",
)
LEAKS = Source(
    title="CWE-209, Generation of Error Message Containing Sensitive Information",
    url="https://cwe.mitre.org/data/definitions/209.html",
)
SDK = Source(title="The official openai library", url="https://github.com/openai/openai-python")
IMAGE_INPUT = Source(title="OpenAI guide, Images and vision", url=_GUIDE)
IMAGE_REQUIREMENTS = Source(
    title="OpenAI guide, Images and vision: input requirements",
    url=f"{_GUIDE}#image-input-requirements",
)
IMAGE_COST = Source(
    title="OpenAI guide, Images and vision: calculating costs", url=f"{_GUIDE}#calculating-costs"
)
IMAGE_DETAIL = Source(
    title="OpenAI guide, Images and vision: detail level",
    url=f"{_GUIDE}#specify-image-input-detail-level",
)
IMAGE_PART = Source(
    title="OpenAI OpenAPI, ChatCompletionRequestMessageContentPartImage",
    url=f"{_SPEC}/openapi.yaml",
)
REQUEST = Source(title="OpenAI OpenAPI, CreateChatCompletionRequest", url=f"{_SPEC}/openapi.yaml")
RESPONSE = Source(title="OpenAI OpenAPI, CreateChatCompletionResponse", url=f"{_SPEC}/openapi.yaml")
CHUNK = Source(
    title="OpenAI OpenAPI, CreateChatCompletionStreamResponse", url=f"{_SPEC}/openapi.yaml"
)
USAGE = Source(title="OpenAI OpenAPI, CompletionUsage", url=f"{_SPEC}/openapi.yaml")
ERROR = Source(title="OpenAI OpenAPI, ErrorResponse", url=f"{_SPEC}/openapi.yaml")
ERROR_CODES = Source(
    title="OpenAI guide, Error codes",
    url="https://platform.openai.com/docs/guides/error-codes",
)
MODELS = Source(title="OpenAI OpenAPI, ListModelsResponse", url=f"{_SPEC}/openapi.yaml")
MODEL = Source(title="OpenAI OpenAPI, Model", url=f"{_SPEC}/openapi.yaml")
TOOLS = Source(
    title="OpenAI guide, Function calling",
    url="https://platform.openai.com/docs/guides/function-calling",
)
STRUCTURED = Source(
    title="OpenAI guide, Structured model outputs",
    url="https://platform.openai.com/docs/guides/structured-outputs",
)
RESPONSES = Source(title="OpenAI OpenAPI, CreateResponse", url=f"{_SPEC}/openapi.yaml")
MESSAGES = Source(title="Anthropic, Messages API", url="https://docs.anthropic.com/en/api/messages")
COUNT_TOKENS = Source(
    title="Anthropic, Count Message tokens",
    url="https://docs.anthropic.com/en/api/messages-count-tokens",
)
REDIRECTS = Source(
    title="RFC 9110, section 15.4: redirection",
    url="https://www.rfc-editor.org/rfc/rfc9110#section-15.4",
)
URI = Source(
    title="RFC 3986, Uniform Resource Identifier", url="https://www.rfc-editor.org/rfc/rfc3986"
)
IRI = Source(
    title="RFC 3987, Internationalized Resource Identifiers",
    url="https://www.rfc-editor.org/rfc/rfc3987",
)
CONTENT_TYPE = Source(
    title="RFC 9110, section 8.3: Content-Type",
    url="https://www.rfc-editor.org/rfc/rfc9110#section-8.3",
)
HTTP_CHUNKED = Source(
    title="RFC 9112, section 7.1: chunked transfer coding",
    url="https://www.rfc-editor.org/rfc/rfc9112#section-7.1",
)
CONTENT_CODING = Source(
    title="RFC 9110, section 15.5.16: 415, also for a content coding",
    url="https://www.rfc-editor.org/rfc/rfc9110#section-15.5.16",
)
CREDENTIALS = Source(
    title="RFC 9110, section 11.6.2: Authorization is for the origin it was given for",
    url="https://www.rfc-editor.org/rfc/rfc9110#section-11.6.2",
)
SSRF = Source(
    title="OWASP, Server-Side Request Forgery Prevention Cheat Sheet",
    url="https://cheatsheetseries.owasp.org/cheatsheets/"
    "Server_Side_Request_Forgery_Prevention_Cheat_Sheet.html",
)
FILE_PATHS = Source(
    title="CWE-73, External Control of File Name or Path",
    url="https://cwe.mitre.org/data/definitions/73.html",
)
RESOURCES = Source(
    title="CWE-770, Allocation of Resources Without Limits or Throttling",
    url="https://cwe.mitre.org/data/definitions/770.html",
)
BOMBS = Source(
    title="CWE-409, Improper Handling of Highly Compressed Data",
    url="https://cwe.mitre.org/data/definitions/409.html",
)
DATA_URL = Source(
    title="RFC 2397, the data URL scheme", url="https://www.rfc-editor.org/rfc/rfc2397"
)
BASE64 = Source(
    title="RFC 4648, base64: alphabets, padding and line breaks",
    url="https://www.rfc-editor.org/rfc/rfc4648#section-3",
)
PNG = Source(title="W3C, PNG third edition", url="https://www.w3.org/TR/png-3/")
EVENT_STREAM = Source(
    title="WHATWG HTML, server-sent events",
    url="https://html.spec.whatwg.org/multipage/server-sent-events.html",
)
