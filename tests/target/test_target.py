"""Target files: what they give, what the command line changes, and what is refused how."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.model import Ability, Claim, Target
from conformance.target import Loaded, TargetError, api_key, default_output_limit, load
from conformance.wire import contract

LEAST = 'base_url = "https://api.example.com/v1"\nmodel = "gpt-4o"\n'
SECRET = "sk-very-secret-123"

Load = Callable[..., Loaded]


@pytest.fixture
def read(tmp_path: Path) -> Load:
    """Loads a target file of this text: ``read(text, environ, override=...)``."""

    def read(text: str, environ: dict[str, str] | None = None, **overrides: object) -> Loaded:
        path = tmp_path / "acme.toml"
        path.write_text(text, encoding="utf-8")
        return load(path, overrides=overrides, environ=environ or {})

    return read


def refused(read: Load, text: str, environ: dict[str, str] | None = None, **more: object) -> str:
    with pytest.raises(TargetError) as caught:
        read(text, environ, **more)
    sentence = str(caught.value)
    assert "\n" not in sentence
    assert SECRET not in sentence
    return sentence


def test_the_least_file_gets_the_defaults(read: Load) -> None:
    expected = Target(name="acme", base_url="https://api.example.com/v1", model="gpt-4o")
    assert read(LEAST) == Loaded(target=expected)


def test_every_key_arrives(read: Load) -> None:
    text = """
        name = "Acme"
        base_url = "https://api.example.com/v1?api-version=1"
        model = "vision-1"
        key_env = "ACME_KEY"
        auth = "api-key"
        output_limit = "max_completion_tokens"
        output_tokens = 512
        rule = "openai-tiles"
        text_model = "words-1"
        can = ["colours", "small-print", "colours"]
        [headers]
        x-region = "eu"
        [query]
        zone = "a"
        [body]
        seed = 3
        extra = {b = 1, a = [true]}
        [limits]
        requests_per_minute = 60
        pictures = 5
        picture_bytes = 4_000_000
        [prices]
        input = 2.5
        [picture_host]
        bind = "0.0.0.0:8080"
        url = "https://pictures.example.com/x/"
        [claims]
        url = false
        gif = false
        png = true
        """
    assert read(text).target == Target(
        name="Acme",
        base_url="https://api.example.com/v1",
        model="vision-1",
        key_env="ACME_KEY",
        auth="api-key",
        headers=(("x-region", "eu"),),
        query=(("api-version", "1"), ("zone", "a")),
        body=(("extra", '{"a":[true],"b":1}'), ("seed", "3")),
        output_limit="max_completion_tokens",
        output_tokens=512,
        unclaimed=frozenset({Claim.URL, Claim.GIF}),
        claimed=frozenset({Claim.PNG}),
        vouched=frozenset({Ability.COLOURS, Ability.SMALL_PRINT}),
        most_pictures=5,
        most_bytes=4_000_000,
        rule="openai-tiles",
        text_model="words-1",
        price_input=2.5,
        requests_per_minute=60,
        picture_host_bind="0.0.0.0:8080",
        picture_host_url="https://pictures.example.com/x",
    )


def test_the_command_line_wins_and_none_does_not_count(read: Load) -> None:
    text = LEAST + "[limits]\nrequests_per_minute = 6\n[claims]\npng = false\n"
    changes = {"model": "o3", "limits.requests_per_minute": 9, "claims.gif": False, "name": None}
    target = read(text, {}, **changes).target
    assert (target.name, target.model, target.requests_per_minute) == ("acme", "o3", 9)
    assert target.unclaimed == {Claim.PNG, Claim.GIF}


def test_everything_is_every_ability(read: Load) -> None:
    assert read('can = ["everything"]\n' + LEAST).target.vouched == frozenset(Ability)
    assert read('can = ["count", "everything"]\n' + LEAST).target.vouched == frozenset(Ability)
    assert read("can = []\n" + LEAST).target.vouched == frozenset()
    assert read(LEAST, {}, can=["count"]).target.vouched == {Ability.COUNT}


def test_the_schema_names_every_ability_and_every_claim() -> None:
    properties = contract.schema("target")["properties"]
    assert properties["can"]["items"]["enum"] == ["everything", *Ability]
    assert list(properties["claims"]["properties"]) == list(Claim)


def test_a_claim_in_so_many_words_is_told_from_silence(read: Load) -> None:
    target = read(LEAST + "[claims]\nurl = true\ngif = false\n", {}, **{"claims.png": True}).target
    assert target.claimed == {Claim.URL, Claim.PNG}
    assert target.unclaimed == {Claim.GIF}
    assert read(LEAST).target.claimed == frozenset()


def test_limits_are_whole_numbers(read: Load) -> None:
    target = read(LEAST + "[limits]\npicture_bytes = 4e6\npictures = 1\n").target
    assert (target.most_bytes, target.most_pictures) == (4_000_000, 1)
    assert isinstance(target.most_bytes, int)


def test_no_file_is_needed() -> None:
    overrides = {"base_url": "http://localhost:8000/v1", "model": "m"}
    target = load(None, overrides=overrides, environ={}).target
    assert (target.name, target.base_url) == ("localhost", "http://localhost:8000/v1")


def test_the_base_url_comes_from_override_then_file_then_environment(read: Load) -> None:
    environ = {"OPENAI_BASE_URL": "https://c.example/v1"}
    override = {"base_url": "https://a.example/v1"}
    assert read(LEAST, environ, **override).target.base_url == "https://a.example/v1"
    assert read(LEAST, environ).target.base_url == "https://api.example.com/v1"
    assert read('model = "m"', environ).target.base_url == "https://c.example/v1"


@pytest.mark.parametrize(
    ("written", "base_url"),
    [
        ("https://a.example/v1", "https://a.example/v1"),
        ("https://a.example/v1/", "https://a.example/v1"),
        ("https://a.example/v1//", "https://a.example/v1"),
        (" https://a.example/v1\\n", "https://a.example/v1"),
        ("https://a.example/v1/chat/completions", "https://a.example/v1"),
        ("https://a.example/v1/chat/completions/", "https://a.example/v1"),
        ("https://a.example/chat/completions", "https://a.example"),
        ("https://a.example", "https://a.example"),
        ("HTTPS://a.example/api", "https://a.example/api"),
        ("http://127.0.0.1:8080/v1", "http://127.0.0.1:8080/v1"),
        ("http://[::1]:8080/v1", "http://[::1]:8080/v1"),
        ("https://a.example/openai/deployments/x", "https://a.example/openai/deployments/x"),
    ],
)
def test_a_base_url_has_one_form(read: Load, written: str, base_url: str) -> None:
    assert read(f'base_url = "{written}"\nmodel = "m"').target.base_url == base_url


def test_a_bad_base_url_is_laid_to_where_it_stands(read: Load) -> None:
    said = "base_url: expected a URL that begins"
    assert f"acme.toml: {said}" in refused(read, 'base_url = "a"\nmodel = "m"')
    assert refused(read, LEAST, base_url="a").startswith(f"the command line: {said}")
    environ = {"OPENAI_BASE_URL": "a"}
    assert refused(read, 'model = "m"', environ).startswith("OPENAI_BASE_URL: expected a URL")


def test_the_query_of_the_base_url_moves_and_the_table_wins(read: Load) -> None:
    url = "https://a.example/v1/chat/completions?api-version=1&flag="
    text = f'base_url = "{url}"\nmodel = "m"\n[query]\napi-version = "2"\n'
    target = read(text).target
    assert target.base_url == "https://a.example/v1"
    assert target.query == (("api-version", "2"), ("flag", ""))


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("api.example.com/v1", "begins with https:// or http://"),
        ("localhost:8000/v1", "begins with https:// or http://"),
        ("ftp://a.example", "begins with https:// or http://"),
        ("https://", "expected a URL such as"),
        ("https:///v1", "expected a URL such as"),
        ("https://[::1/v1", "expected a URL such as"),
        ("https://a.example:99999/v1", "expected a URL such as"),
        ("https://a.example:port/v1", "expected a URL such as"),
        ("https://a example/v1", "expected a URL such as"),
        ("https://a.example/v1#top", "has a part after #"),
        (f"https://user:{SECRET}@a.example/v1", "put the key into an environment variable"),
        (f"https://{SECRET}@a.example/v1", "put the key into an environment variable"),
        ("  ", "no base URL is given: use --base-url"),
    ],
)
def test_a_bad_base_url_is_one_sentence(read: Load, url: str, said: str) -> None:
    assert said in refused(read, f'base_url = "{url}"\nmodel = "m"')


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("model = ", "acme.toml is not TOML: "),
        ("a = " + "[" * 5000, "acme.toml"),
        ("output_tokens = " + "9" * 5000, "acme.toml"),
        ("", "no base URL is given: use --base-url"),
        ('base_url = "https://a.example"', "no model is given: use --model"),
        ('base_url = "https://a.example"\nmodel = " "', "no model is given"),
        ("modle = 1", "the key 'modle' is not known; the nearest is 'model'"),
        ("api_key = 1", "the key 'api_key' is not known; the nearest is 'key_env'"),
        ("url = 1", "the nearest is 'base_url'"),
        ("request_per_minute = 1", "the nearest is 'limits.requests_per_minute'"),
        ("[claims]\njpg = true", "the key 'claims.jpg' is not known; the nearest is 'claims.jpeg'"),
        ("zzzz = 1", "known are name, base_url, model,"),
        ('"a\\u001bb" = 1', r"the key 'a\x1bb' is not known"),
        ("model = 4", "acme.toml: model: expected a string, got an integer"),
        ('model = ""', "model: must not be empty"),
        ("claims = true", "claims: expected an object, got a boolean"),
        ('[claims]\npng = "no"', "claims.png: expected a boolean, got a string"),
        ("[headers]\nx = 2024-01-01", "headers.x: expected a string, got date"),
        ('output_tokens = "9"', "output_tokens: expected an integer, got a string"),
        ("output_tokens = 0", "output_tokens: expected 1 or more"),
        ("output_tokens = true", "output_tokens: expected an integer, got a boolean"),
        ('auth = "bearre"', "expected one of bearer, api-key, none; the nearest is 'bearer'"),
        (f'auth = "{SECRET}"', "auth: expected one of bearer, api-key, none"),
        (f'key_env = "{SECRET}"', "key_env: expected the name of an environment variable"),
        ("[limits]\nrequests_per_minute = 0", "limits.requests_per_minute: expected 1 or more"),
        ("[limits]\npictures = 0", "limits.pictures: expected 1 or more"),
        ("[limits]\npictures = 2.5", "limits.pictures: expected an integer, got a number"),
        ("[limits]\npictures = true", "limits.pictures: expected an integer, got a boolean"),
        ('[limits]\npicture_bytes = "4 MB"', "limits.picture_bytes: expected an integer, got a st"),
        ("[limits]\npicture_byte = 1", "the nearest is 'limits.picture_bytes'"),
        ("[limits]\nimages = 1", "the key 'limits.images' is not known"),
        ('can = "everything"', "can: expected an array, got a string"),
        ('can = ["colors"]', "can[0]: expected one of everything, read, colours,"),
        ('can = ["count", "colors"]', "can[1]: expected one of everything, read, colours,"),
        ('can = ["count", "colors"]', "; the nearest is 'colours'"),
        ('can = ["count", "small_print"]', "; the nearest is 'small-print'"),
        (f'can = ["{SECRET}"]', "can[0]: expected one of everything,"),
        ("can = [1]", "can[0]: expected a string, got an integer"),
        ("[can]\ncount = true", "can: expected an array, got an object"),
        ("cans = 1", "the nearest is 'can'"),
        ("[prices]\ninput = -1", "prices.input: expected 0 or more"),
        ('[picture_host]\nbind = "here"', "picture_host.bind: expected host:port"),
    ],
)
def test_a_bad_file_is_one_sentence(read: Load, text: str, said: str) -> None:
    assert said in refused(read, text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[prices]\ninput = inf", "prices.input: expected a number, not inf or nan"),
        ("[body]\nmodel = 'x'", "body.model: use model instead"),
        ("[body]\nmax_tokens = 5", "body.max_tokens: use output_limit and output_tokens"),
        ("[body]\nstream = true", "body.stream: is decided by each check"),
        ("[body]\nwhen = 2024-01-01", "body.when: JSON has no dates, inf or nan"),
        ("[body]\nx = {y = nan}", "body.x: JSON has no dates, inf or nan"),
        ('[headers]\n"Content-Length" = "5"', "headers.Content-Length: says how a request is sent"),
        ('[headers]\n"a b" = "x"', "headers: 'a b' is no name of a header"),
        (f'[headers]\nx = "{SECRET}\\r\\ny: z"', "headers.x: has a control character"),
        ('[headers]\nx = "é"', "headers.x: has a control character or one outside ASCII"),
        ('[headers]\nx = "$NOT_SET"', "headers.x: the environment variable NOT_SET is not set"),
        ('[picture_host]\nbind = "h:99999"', "picture_host.bind: expected host:port"),
        ('[picture_host]\nurl = "pictures"', "picture_host.url: expected a URL"),
        ('[picture_host]\nurl = "http://a/?b=c"', "picture_host.url: has a query"),
        *(
            (f'[security]\ninner_address = "http://{host}/"', "at a private or link-local IP")
            for host in ("127.0.0.1", "[::1]", "0.0.0.0", "8.8.8.8", "relay.example", "0x0a000001")
        ),
        ('[security]\ninner_address = "10.0.0.1"', "security.inner_address: expected a URL"),
        ('[security]\ninner = "x"', "the nearest is 'security.inner_address'"),
    ],
)
def test_a_bad_member_is_one_sentence(read: Load, text: str, said: str) -> None:
    assert said in refused(read, LEAST + text)


@pytest.mark.parametrize("host", ["10.0.0.9", "192.168.7.7", "169.254.1.2:81", "[fd00::9]"])
def test_an_inner_address_is_one_of_an_inner_network(read: Load, host: str) -> None:
    text = LEAST + f'[security]\ninner_address = "http://{host}/p.png"\n'
    target = read(text, {}).target
    assert target.inner_address == f"http://{host}/p.png"
    assert not target.security, "only the command line asks for it"


def test_a_bad_override_is_laid_to_the_command_line(read: Load) -> None:
    assert refused(read, LEAST, {}, model=3).startswith("the command line: model: expected")
    assert "the nearest is 'rule'" in refused(read, LEAST, {}, rules="x")


def test_a_file_that_cannot_be_read_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(TargetError, match=r"none\.toml cannot be read: there is no such file"):
        load(tmp_path / "none.toml", overrides={}, environ={})
    with pytest.raises(TargetError, match="cannot be read: it is a folder"):
        load(tmp_path, overrides={}, environ={})
    (tmp_path / "latin.toml").write_bytes(b'name = "\xe9"')
    with pytest.raises(TargetError, match=r"latin\.toml cannot be read: its bytes are not UTF-8"):
        load(tmp_path / "latin.toml", overrides={}, environ={})


def test_header_values_come_from_variables_and_are_secret(read: Load) -> None:
    text = LEAST + (
        '[headers]\nx-portkey-api-key = "$PORTKEY"\nx-route = "$ROUTE"\nx-plain = "$$5"\n'
        f'x-token = "Token {SECRET}"\nx-region = "eu"\n[query]\nsig = "abc"\n'
    )
    environ = {"PORTKEY": " pk-1\n", "ROUTE": "r-22222", "OPENAI_API_KEY": "sk-1\n"}
    loaded = read(text, environ)
    headers = dict(loaded.target.headers)
    assert headers["x-portkey-api-key"] == "pk-1"
    assert headers["x-route"] == "r-22222"
    assert headers["x-plain"] == "$5"
    assert set(loaded.secrets) == {"pk-1", "r-22222", f"Token {SECRET}", SECRET, "abc", "sk-1"}
    assert list(map(len, loaded.secrets)) == sorted(map(len, loaded.secrets), reverse=True)


@pytest.mark.parametrize(
    ("model", "limit"),
    [
        ("o1", "max_completion_tokens"),
        ("o1-mini", "max_completion_tokens"),
        ("o3", "max_completion_tokens"),
        ("o4-mini-2025-04-16", "max_completion_tokens"),
        ("openai/o3-pro", "max_completion_tokens"),
        ("gpt-5", "max_completion_tokens"),
        ("GPT-5.1-chat", "max_completion_tokens"),
        ("azure/openai/gpt-6-mini", "max_completion_tokens"),
        ("openai:o3", "max_completion_tokens"),
        ("azure/o3-mini@2025", "max_completion_tokens"),
        ("vendor.gpt-5-v1:0", "max_completion_tokens"),
        ("[relay]o1", "max_completion_tokens"),
        ("openai:gpt-4o", "max_tokens"),
        ("not-o1", "max_tokens"),
        ("gpt-4o", "max_tokens"),
        ("gpt-4.1", "max_tokens"),
        ("o1x", "max_tokens"),
        ("o2", "max_tokens"),
        ("llava-o1", "max_tokens"),
        ("o3/llava", "max_tokens"),
        ("", "max_tokens"),
    ],
)
def test_the_output_limit_follows_the_model(model: str, limit: str) -> None:
    assert default_output_limit(model) == limit


def target(**more: Any) -> Target:
    return Target(name="n", base_url="https://a.example", model="m", **more)


def test_the_key_is_trimmed() -> None:
    assert api_key(target(), {"OPENAI_API_KEY": f" {SECRET}\r\n"}) == SECRET
    assert api_key(target(key_env="K"), {"K": "x"}) == "x"


def test_no_key_is_asked_where_none_is_taken() -> None:
    assert api_key(target(auth="none"), {"OPENAI_API_KEY": SECRET}) == ""


@pytest.mark.parametrize("environ", [{}, {"K": ""}, {"K": " \n"}])
def test_a_missing_key_names_its_variable_and_how_to_set_it(environ: dict[str, str]) -> None:
    with pytest.raises(TargetError, match=r"variable K is not set or empty: .*`export K=\.\.\.`"):
        api_key(target(key_env="K"), environ)


@pytest.mark.parametrize("extra", ["é", "\n", "\x00", " ", "\ud800", "\u200b", "\x7f"])
def test_a_key_no_header_can_carry_is_refused_and_not_shown(extra: str) -> None:
    with pytest.raises(TargetError, match="the environment variable K has a space") as caught:
        api_key(target(key_env="K"), {"K": f"{SECRET}{extra}x"})
    assert SECRET not in str(caught.value)


TOML_VALUES = st.sampled_from(
    ["1", "-1", "1.5", "inf", "true", '""', '"a"', '"https://a.example"', "[]", "{}", "{a=1}"]
) | st.sampled_from(
    ["2024-01-01", "[[1]]", '"$X"', '"a:1"', "'''\n'''", '"\\u0000"', "0x1", "=", '["count"]']
)
TOML_KEYS = (
    st.sampled_from(
        [
            "name",
            "key_env",
            "auth",
            "output_tokens",
            "headers.x",
            "query.a",
            "body",
            "body.a",
            "rule",
        ]
    )
    | st.sampled_from(
        ["limits.requests_per_minute", "prices.input", "claims", "claims.png", "picture_host.url"]
    )
    | st.sampled_from(["picture_host.bind", "nonsense", '"\\u0000"'])
    | st.sampled_from(["can", "limits.pictures", "limits.picture_bytes", "claims.url"])
)


def test_a_name_that_is_no_text_is_refused() -> None:
    """So arrive bytes of the command line that are no UTF-8."""
    with pytest.raises(TargetError, match="the model's name is no UTF-8"):
        load(None, overrides={"base_url": "http://x.example", "model": "m\udcff"}, environ={})
    with pytest.raises(TargetError, match="base_url: expected a URL"):
        load(None, overrides={"base_url": "http://x.example/\udcff", "model": "m"}, environ={})


def test_the_name_of_a_file_may_be_any(tmp_path: Path) -> None:
    path = Path(f"{tmp_path}/a\udcff.toml")
    path.write_text(LEAST, encoding="utf-8")
    assert load(path, overrides={}, environ={}).target.name == "a?"


@given(
    start=st.sampled_from(["", LEAST]), lines=st.dictionaries(TOML_KEYS, TOML_VALUES, max_size=4)
)
@settings(max_examples=120, deadline=None)
def test_any_file_gives_a_target_or_one_sentence(
    start: str, lines: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.toml"
    path.write_text(start + "\n".join(f"{k} = {v}" for k, v in lines.items()), encoding="utf-8")
    try:
        said = load(path, overrides={}, environ={}).target.base_url
    except TargetError as error:
        said = str(error)
    assert said
    assert said.isprintable()
