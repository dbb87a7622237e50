"""Pages made to hang, crash or bloat a parser, by name.

Used by ``tests/extraction``, where each meets the sandbox, and by ``tests/failures``, where all
of them meet a whole job.
"""

# ruff: noqa: E501 - markup and tables read better unbroken


def body(inner):
    return f"<html><head><title>t</title></head><body>{inner}</body></html>".encode()


BEYOND_THE_GUARD = {
    "200k links": (body('<a href="/x">y</a>' * 200_000), "too_big"),
    "120k links": (body('<a href="/x">y</a>' * 120_000), "too_many_tags"),
    "100k date strings in tags": (body("<p>12/06/2024</p>" * 100_000), "too_many_tags"),
    "100k attributes": (body("<div " + " ".join(f"a{n}=1" for n in range(100_000)) + ">x"), "too_many_attributes"),
    "attributes in an open quote": (body("<div x='" + " ".join(f"a{n}=1" for n in range(100_000))), "too_many_attributes"),
    "10 MB of JSON-LD": (body('<script type="application/ld+json">[' + '{"a":[1]},' * 1_000_000 + "{}]</script>"), "too_big"),
    "1M line breaks": (body("<br>" * 700_000), "too_many_tags"),
    "nesting 100k deep": (body("<div>" * 100_000), "too_many_tags"),
    "10 MB of nothing": (b" " * 10_000_000, "too_big"),
    "a forest of stray brackets": (b"<" * 500_000, "too_many_tags"),
}  # fmt: skip

WITHIN_THE_GUARD = {
    "100k bare date strings": body("12/06/2024 2024-12-06 " * 100_000),
    "39k links": body('<a href="/x">y</a>' * 19_000),
    "nesting 39k deep": body("<div>" * 39_000 + "x"),
    "nesting 19k deep and closed": body("<div><b>" * 9_500 + "x" + "</b></div>" * 9_500),
    "4,900 attributes on each of 90 tags": body(("<p " + " ".join(f"a{n}=1" for n in range(4_900)) + ">x</p>") * 60),
    "2 MB of JSON-LD": body('<script type="application/ld+json">[' + '{"a":[1]},' * 200_000 + "{}]</script>"),
    "JSON-LD nested 150k deep": body('<script type="application/ld+json">' + "[" * 150_000 + "</script>"),
    "a word of 3 million letters": body("<p>" + "a" * 3_000_000),
    "a title of 3 million letters": b"<title>" + b"- " * 1_500_000,
    "an author of 2 million letters": body(f'<meta name="author" content="{"a, " * 600_000}">'),
    "600k entities": body("<p>" + "&amp;" * 600_000),
    "a million spaces": body("<h1>a" + " " * 1_000_000 + "b</h1>"),
    "a million ampersands": body("<p>" + "&" * 1_000_000),
    "19k open paragraphs": body("<p>text " * 19_000),
    "tables in tables": body("<table><tr><td>" * 9_000),
    "a declared encoding that is quadratic": b'<meta charset="punycode"><p>' + b"a-b" * 900_000,
    "zero bytes": b"<html><p>" + b"a\x00" * 100_000,
    "every byte": bytes(range(256)) * 8_000,
    "utf-16 without mark": ("<p>" + "text " * 1000).encode("utf-16-le"),
    "a bomb that is compressed": b"\x1f\x8b\x08" + b"\x00" * 1000,
}  # fmt: skip
