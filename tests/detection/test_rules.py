"""What each operator of the rule language finds."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("rule", "article", "expected"),
    [
        ("{words: {ru: [Орешник]}}", "К приёму Орешника, «Орешником» и Орешников.", 3),
        ("{words: {ru: [Орешник]}}", "Лыжник Орешникова и подорешник.", 0),
        ("{words: {ru: [концепция]}}", "Концепцию приняли, о концепции спорят.", 2),
        ("{words: {tr: [Oreşnik]}}", "Oreşnik'in menzili; Oreşniklerden biri.", 2),
        ("{words: {hu: [Oresnyik]}}", "Az Oresnyikeket és az Oresnyikkal.", 2),
        ("{words: {fi: [Orešnik]}}", "Orešnikeja ja Orešnikin.", 2),
        ("{words: {be: [гарантыя]}}", "Пра гарантыі, гарантыяў і гарантыю.", 3),
        ("{words: {ko: [조약]}}", "안전보장조약에 서명했다.", 1),
        ("{words: {ar: [صاروخ]}}", "والصاروخ وبالصاروخ.", 2),
        ("{words: {zh: [榛树]}}", "部署“榛树”导弹", 1),
        ('"missile*"', "missiles, missilery and amissile", 2),
        ("{stem: {word: rocket, min: 1, max: 1}}", "rocket rockets rocketry", 1),
        ("{exact: [Typhon]}", "Typhon, Typhons, TYPHON", 2),
        ("{lemma: {ru: [договор]}}", "Договоры и договорами, но не договориться.", 2),
        ("{lemma: {fr: [traité]}}", "Les traités, le traiteur.", 1),
        ("{lemma: {be: [гарантыя]}}", "Пра гарантыю.", 1),
        (
            "{translit: [Орешник]}",
            "Orechnik Oreschnik Oriesznik Orešnik Oresnyik Арэшнік Орєшнік",
            7,
        ),
        ("{seq: [garanties, de, sécurité]}", "garanties de sécurité; garanties. De sécurité", 1),
        ('"garanties de sécurité"', "les garanties\nde sécurité", 1),
        ('"accord * sécurité"', "accord de sécurité, accord sur la sécurité", 1),
        ("{cased: Typhon}", "Le typhon Yagi et le système Typhon.", 1),
        ("{quoted: Noisetier}", "Le noisetier pousse, la fusée « Noisetier » non.", 1),
        ("{any_of: [alpha, beta]}", "beta alpha beta", 3),
        ('"kay aitch-101"', "kay aitch-101, kay aitch–101, kay aitch 101, kay-aitch-101", 4),
    ],
)
def test_an_operator_finds_its_forms_and_no_others(quotes, rule, article, expected):
    assert len(quotes(rule, article)) == expected


def test_a_list_of_one_filtered_part_still_filters(quotes):
    lists = "{named: [{quoted: Noisetier}]}"
    found = quotes('"@named"', "Le Noisetier pousse, la fusée « Noisetier » non.", lists=lists)
    assert len(found) == 1


def test_near_spans_the_words_that_stand_together(quotes):
    rule = "{near: {of: [treaty, guarantees], within: 4}}"
    assert quotes(rule, "a treaty on security guarantees was signed") == [
        "treaty on security guarantees"
    ]
    assert quotes(rule, "a treaty was signed by the parties without any guarantees") == []


def test_near_in_the_same_sentence_does_not_cross_a_full_stop(quotes):
    rule = "{near: {of: [treaty, guarantees], within: 9, same: sentence}}"
    assert quotes(rule, "They signed a treaty. Guarantees followed.") == []


def test_ordered_near_keeps_the_order(quotes):
    rule = "{near: {of: [treaty, guarantees], within: 4, ordered: true}}"
    assert quotes(rule, "guarantees of a treaty") == []
    assert len(quotes(rule, "treaty with guarantees")) == 1


def test_near_never_joins_title_and_text(quotes):
    rule = "{near: {of: [treaty, guarantees], within: 9}}"
    assert quotes(rule, "guarantees", title="treaty") == []


def test_not_near_drops_the_match_beside_the_other(quotes):
    rule = "{not_near: {of: Typhon, near: Zeus, within: 3}}"
    assert quotes(rule, "Zeus and Typhon fought. The army moved its new Typhon.") == ["Typhon"]


def test_all_of_needs_every_part_and_not_excludes(quotes):
    rule = "{all_of: [missile, launcher, {not: museum}]}"
    assert quotes(rule, "missile and launcher") == ["missile"]
    assert quotes(rule, "missile alone") == []
    assert quotes(rule, "missile, launcher, museum") == []


@pytest.mark.parametrize(
    ("scope", "expected"), [("title", ["alpha"]), ("lead", ["alpha"]), ("body", ["alpha"] * 2)]
)
def test_scope_keeps_to_one_part(quotes, scope, expected):
    found = quotes(f"{{scope: {scope}, of: alpha}}", "alpha\n\nand alpha", title="alpha")
    assert found == expected


def test_only_keeps_to_the_languages_named(quotes):
    rule = "{only: [fr], of: Typhon}"
    assert quotes(rule, "Typhon", lang="fr") == ["Typhon"]
    assert quotes(rule, "Typhon", lang="de") == []


def test_weigh_counts_what_speaks_for_and_against(quotes):
    rule = (
        "{weigh: {of: Iskander, threshold: 2, evidence: ["
        "{find: missile, same: sentence, weight: 2}, {when: name_after, weight: -5}]}}"
    )
    assert quotes(rule, "An Iskander missile.") == ["Iskander"]
    assert quotes(rule, "Iskander Khelifi made a missile of a shot.") == []
    assert quotes(rule, "A missile. An Iskander.") == []


ONE_SENSE = (
    "{weigh: {of: Typhon, threshold: 2, one_sense: true, evidence: [{find: missile, weight: 2},"
    " {find: army, weight: 2}, {find: missile, same: sentence, weight: 4},"
    " {find: giant, same: sentence, weight: -8}]}}"
)


def test_what_stands_elsewhere_in_an_article_lets_no_namesake_count(quotes):
    elsewhere = "\n\nThe band plays on Sunday. Then it rests. Nobody knows where."
    elsewhere += "\n\nThe army has a missile."
    assert quotes(ONE_SENSE, "A Typhon was seen." + elsewhere) == ["Typhon"]
    played = "Typhon played loud.\n\nIt was late. They left.\n\nTyphon came from Greece."
    assert quotes(ONE_SENSE.replace("one_sense: true, ", ""), played + elsewhere) == ["Typhon"] * 2
    assert quotes(ONE_SENSE, played + elsewhere) == []


def test_a_mention_beside_which_enough_stands_decides_for_the_others(quotes):
    text = "The Typhon missile of the army came.\n\nIt was late. They left.\n\nThe Typhon stays."
    assert quotes(ONE_SENSE, text + "\n\nThe Typhon is big.") == ["Typhon"] * 3


def test_what_speaks_against_near_one_mention_speaks_against_all(quotes):
    text = "Typhon was a giant. Here is a Typhon, and the army. The end."
    assert quotes(ONE_SENSE, text + " A missile.") == []


def test_a_name_in_the_headline_has_the_lead_beside_it(quotes):
    text = "They came at night, said the army. It was late.\n\nA dog barked."
    rule = ONE_SENSE.replace("threshold: 2", "threshold: 4")
    assert quotes(rule, text + "\n\nA missile.", title="Typhon") == ["Typhon"]
    elsewhere = text.replace("army", "mayor") + "\n\nA missile. The army."
    assert quotes(rule, elsewhere, title="Typhon") == []


def test_rules_with_weights_fire_at_the_threshold(subject_file):
    from pipelines.detection import load_detector

    path = subject_file(
        "version: 1\nsubjects:\n  - id: thing\n    kind: other\n    names: {en: Thing}\n"
        "    rules: [{rule: alpha, weight: 1}, {rule: beta, weight: 2},\n"
        "      {rule: gamma, weight: -2}]\n"
        "    threshold: 3\n    tests: {match: [alpha beta], no_match: [alpha]}\n"
    )
    detector = load_detector([path])
    assert len(detector.detect(title="", text="alpha beta")) == 2
    assert detector.detect(title="", text="beta") == ()
    assert detector.detect(title="", text="alpha beta gamma") == ()


def test_a_list_is_shared_and_may_hold_others(quotes):
    lists = "{inner: {en: [rocket]}, outer: ['@inner', missile]}"
    assert quotes('"@outer"', "rockets and missile", lists=lists) == ["rockets", "missile"]


def test_a_short_word_of_one_language_is_not_looked_for_in_another(quotes):
    rule = "{words: {tr: [etler]}}"
    assert quotes(rule, "etler", lang="tr") == ["etler"]
    assert quotes(rule, "etler", lang="fr") == []


def test_a_mixed_text_matches_in_both_languages(quotes):
    rule = "{any_of: [{words: {ru: [Орешник]}}, {words: {fr: [Orechnik]}}]}"
    assert quotes(rule, "L’Orechnik, en russe «Орешника».", lang="fr") == ["Orechnik", "Орешника"]


def test_overlapping_finds_of_one_subject_are_one_mention(quotes):
    assert quotes('{any_of: ["nuclear weapons", weapons]}', "nuclear weapons") == [
        "nuclear weapons"
    ]


def test_a_text_without_capitals_does_not_fail_the_case_rule(quotes):
    assert quotes("{cased: Typhon}", "the typhon launcher in japan") == ["typhon"]
