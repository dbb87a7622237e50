"""A wrong subject file is refused with everything that is wrong with it, and where."""

from __future__ import annotations

import pytest

from pipelines.detection import SubjectsError, load_detector

SUBJECT = """version: 1
lists: {lists}
subjects:
  - id: thing
    kind: other
    names: {{en: Thing}}
    rule: {rule}
    tests: {{match: [x], no_match: [y]}}
"""


def refused(path) -> SubjectsError:
    with pytest.raises(SubjectsError) as caught:
        load_detector([path])
    return caught.value


@pytest.mark.parametrize(
    ("rule", "path", "message"),
    [
        ("{any_off: [alpha]}", "rule", "did you mean any_of?"),
        ("{near: {of: [alpha, beta], withn: 3}}", "rule.near.withn", "did you mean within?"),
        ("{near: {of: [alpha]}}", "rule.near.of", "at least 2"),
        ("{near: {of: [alpha, beta], within: many}}", "rule.near.within", "valid integer"),
        ("'@nothing'", "rule", "@nothing; pass the whole folder: its files share their lists"),
        ("{any_of: ['@weapon']}", "rule.any_of[0]", "did you mean weapons?"),
        ("{stem: {word: missile, min: 5, max: 2}}", "rule.stem", "can never fire"),
        ("{all_of: [{not: alpha}, {not: beta}]}", "rule.all_of", "fires on everything"),
        ("{all_of: [alpha, {not: alpha}]}", "rule.all_of", "can never fire"),
        ("{not_near: {of: alpha, near: alpha}}", "rule.not_near", "can never fire"),
        ("{any_of: [alpha, {not: beta}]}", "rule.any_of[1]", "only inside all_of"),
        ("ab", "rule", "three letters"),
        ("{any_of: [missile, 'b*']}", "rule", "three letters"),
        ("'!!!'", "rule", "expected letters or digits"),
        ("{words: {xx: [alpha]}}", "rule.words.xx", "unknown language"),
        ("{translit: [Oreshnik]}", "rule.translit[0]", "Cyrillic"),
        ("{lemma: {ru: ['два слова']}}", "rule.lemma.ru[0]", "one word"),
        (
            "{weigh: {of: alpha, threshold: 5, evidence: [{find: beta, weight: 2}]}}",
            "rule.weigh.threshold",
            "can never fire",
        ),
        (
            "{weigh: {of: alpha, threshold: 1, evidence: [{weight: 2}]}}",
            "evidence[0]",
            "find or when",
        ),
    ],
)
def test_a_wrong_rule_is_refused_with_its_path(subject_file, rule, path, message):
    file = subject_file(SUBJECT.format(lists="{weapons: {en: [missile]}}", rule=rule))
    faults = refused(file).faults
    assert any(path in one.path and message in one.message for one in faults), faults
    assert all(one.file == str(file) and one.subject == "thing" for one in faults)
    assert {one.line for one in faults} == {7}


def test_all_faults_of_all_files_are_told_at_once(subject_file, tmp_path):
    subject_file(SUBJECT.format(lists="{}", rule="{any_off: [a]}"), "a.yaml")
    subject_file("version: 1\nsubjects:\n  - id: Bad Id\n    kindd: x\n", "b.yaml")
    text = str(refused(tmp_path))
    for part in ("a.yaml:7", "did you mean any_of?", "b.yaml:3", "did you mean kind?", "tests"):
        assert part in text


def test_a_cycle_of_lists_is_told_with_its_round(subject_file):
    file = subject_file(
        SUBJECT.format(lists="{one: ['@two'], two: ['@three'], three: ['@one']}", rule="'@one'")
    )
    assert "one → two → three → one" in str(refused(file))


def test_tests_are_mandatory(subject_file):
    file = subject_file(SUBJECT.format(lists="{}", rule="alpha").replace("match: [x], ", ""))
    assert any("tests.match" in one.path for one in refused(file).faults)


def test_two_subjects_may_not_share_an_id(subject_file, tmp_path):
    for name in ("a.yaml", "b.yaml"):
        subject_file(SUBJECT.format(lists="{}", rule="alpha"), name)
    assert "the id of another subject already" in str(refused(tmp_path))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "empty"),
        ("version: 1\nsubjects: [", "not YAML"),
        ("version: 1\nlists: {a: &x [alpha], b: *x}\n", "aliases"),
        ("version: 2\nsubjects: []\n", "version"),
        ("version: 1\nversion: 1\nsubjects: []\n", "given twice"),
        ("version: 1\nlists: " + "[" * 200 + "]" * 200 + "\n", "nested deeper"),
        ("- 1\n- 2\n", "should be"),
        ("version: 1\nsubjects: []\n", "at least one subject"),
        ("just text\n", "should be"),
    ],
)
def test_a_file_that_is_no_subject_file_is_refused_clearly(subject_file, content, message):
    assert message in str(refused(subject_file(content)))


def test_a_file_that_is_not_text_is_refused(tmp_path):
    path = tmp_path / "x.yaml"
    path.write_bytes(b"version: 1\n\xff\xfe\x00")
    assert "UTF-8" in str(refused(path))


def test_a_missing_path_and_an_empty_folder_are_refused(tmp_path):
    with pytest.raises(SubjectsError, match="no such file"):
        load_detector([tmp_path / "nothing.yaml"])
    with pytest.raises(SubjectsError, match="found none"):
        load_detector([tmp_path])


def test_a_year_and_the_code_of_norwegian_are_words(subject_file):
    file = subject_file(SUBJECT.format(lists="{}", rule="{words: {no: [2024, missil]}}"))
    assert len(load_detector([file]).detect(title="", text="Missil i 2024", language="no")) == 2
