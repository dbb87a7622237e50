"""Two jobs by mistake on one index, as processes: the second is refused, or both are harmless."""

import pytest

from connectors.index import IndexSettings

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900), pytest.mark.usefixtures("prism")]


def test_the_second_job_on_a_file_is_refused_and_told_who_has_it(newsrooms, origin, tmp_path):
    index = IndexSettings(location=f"sqlite:{tmp_path}/vigie.db")
    with newsrooms.Newsroom(30) as site:
        vigie = newsrooms.Vigie(site, index, tmp_path, origin)
        newsrooms.open_index(index).close()
        first = vigie.start()
        newsrooms.wait_for(lambda: newsrooms.indexed(index) == 30)
        for arguments in ((), ("--once",)):
            second = vigie.tell("run", *arguments, "--metrics-port", "0")
            assert second.returncode == 3
            assert f"is in use by another vigie run (process {first.pid})" in second.stderr
        replay = vigie.tell("backfill", "--from-index")
        assert replay.returncode == 3
        assert newsrooms.stop(first) == 0
        found = newsrooms.held(index)
    assert len(found.documents) == sum(found.documents.values()) == 30
    assert set(site.received) == found.alerts
    assert set(site.received.values()) == {1}


@pytest.mark.service
def test_two_jobs_on_one_elasticsearch_double_no_document_and_no_alert(
    newsrooms, origin, elastic_index, tmp_path
):
    (tmp_path / "other").mkdir()
    with newsrooms.Newsroom(150, shown=0) as site:
        jobs = [
            newsrooms.Vigie(site, elastic_index, path) for path in (tmp_path, tmp_path / "other")
        ]
        processes = [job.start() for job in jobs]
        try:
            newsrooms.wait_for(lambda: site.asked >= 40)
            for shown in range(10, 151, 10):
                site.shown = shown
                newsrooms.wait_for(lambda: newsrooms.indexed(elastic_index) >= site.shown - 20)
            newsrooms.wait_for(lambda: newsrooms.indexed(elastic_index) == 150)
            newsrooms.wait_for(lambda: not newsrooms.held(elastic_index).undelivered)
            newsrooms.wait_for(lambda: not newsrooms.held(elastic_index).entries.get("pending"))
        finally:
            codes = [newsrooms.stop(process) for process in processes]
        assert codes == [0, 0]
        delivered = dict(site.received)
        reference = newsrooms.Vigie(
            site, IndexSettings(location=f"sqlite:{tmp_path}/reference.db"), tmp_path, origin
        )
        reference.run_until_done()
        wanted, found = newsrooms.held(reference.index), newsrooms.held(elastic_index)
    assert found.documents == wanted.documents
    assert found.entries == wanted.entries
    assert found.developments == wanted.developments == dict.fromkeys(wanted.developments, 1)
    assert found.alerts == set(delivered)
    assert set(delivered.values()) == {1}
