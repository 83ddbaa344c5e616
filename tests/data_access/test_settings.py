"""The settings of a server: what the environment may say, and what it may not."""

from pathlib import Path

import pytest
from platformdirs import user_cache_path, user_data_path

from data_access.errors import SettingError
from data_access.settings import Settings

JUDGEMENTS = str(user_data_path("rewardscope") / "judgements.sqlite")


def test_without_a_word_it_is_the_sample_with_the_users_cache_folder() -> None:
    found = Settings.from_environment({"PATH": "/bin"})
    assert found == Settings(("sample",), user_cache_path("rewardscope"), judgements=JUDGEMENTS)


def test_data_is_several_entries_separated_by_commas_each_once(tmp_path: Path) -> None:
    environment = {"REWARDSCOPE_DATA": " sample, runs/*.parquet ,sample", "REWARDSCOPE_CACHE": str(tmp_path)}
    found = Settings.from_environment(environment)
    assert found == Settings(("sample", "runs/*.parquet"), tmp_path, judgements=JUDGEMENTS)


@pytest.mark.parametrize("data", ["", " ", "sample,", "a,,b"])
def test_an_empty_entry_of_data_is_refused_with_what_to_give_instead(data: str) -> None:
    with pytest.raises(SettingError) as raised:
        Settings.from_environment({"REWARDSCOPE_DATA": data})
    assert str(raised.value) == (
        "REWARDSCOPE_DATA has an empty entry. Give 'sample' or paths separated by single commas."
    )


def test_an_unknown_variable_is_refused_with_the_names_that_there_are() -> None:
    with pytest.raises(SettingError) as raised:
        Settings.from_environment({"REWARDSCOPE_DATA": "sample", "REWARDSCOPE_CAHCE": "/tmp"})
    assert str(raised.value) == (
        "REWARDSCOPE_CAHCE is not a setting of Rewardscope. The settings are REWARDSCOPE_DATA, REWARDSCOPE_OPEN, "
        "REWARDSCOPE_HUB, REWARDSCOPE_UPLOAD_LIMIT, REWARDSCOPE_CACHE, REWARDSCOPE_PREPARED, REWARDSCOPE_CACHE_LIMIT, "
        "REWARDSCOPE_REWARDBENCH_SCORES, REWARDSCOPE_SQL, REWARDSCOPE_JUDGEMENTS, REWARDSCOPE_LOGIN, REWARDSCOPE_EMBED_IN."
    )


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("off", ""),
        ("OFF", ""),
        ("", JUDGEMENTS),
        ("/team/notes.sqlite", "/team/notes.sqlite"),
        ("postgresql://ada:secret@db/team", "postgresql://ada:secret@db/team"),
    ],
)
def test_judgements_are_kept_in_a_file_in_a_database_or_not_at_all(written: str, meant: str) -> None:
    assert Settings.from_environment({"REWARDSCOPE_JUDGEMENTS": written}).judgements == meant


def test_a_place_for_judgements_that_cannot_be_one_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match=f"names the folder {tmp_path}. Give a file in it"):
        Settings.from_environment({"REWARDSCOPE_JUDGEMENTS": str(tmp_path)})
    with pytest.raises(SettingError, match="names a database of the kind 'mysql'"):
        Settings.from_environment({"REWARDSCOPE_JUDGEMENTS": "mysql://ada:secret@db/team"})


def test_a_cache_that_is_a_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.touch()
    with pytest.raises(SettingError) as raised:
        Settings.from_environment({"REWARDSCOPE_CACHE": str(file)})
    assert str(raised.value) == f"REWARDSCOPE_CACHE names the file {file}. Give a folder."


def test_a_cache_need_not_exist_yet_and_is_not_made_by_asking(tmp_path: Path) -> None:
    folder = tmp_path / "not" / "yet"
    assert Settings.from_environment({"REWARDSCOPE_CACHE": str(folder)}).cache == folder
    assert not folder.parent.exists()


def test_a_cache_may_be_given_from_the_home_or_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    assert Settings.from_environment({"REWARDSCOPE_CACHE": "~/c"}).cache == tmp_path / "home" / "c"
    assert Settings.from_environment({"REWARDSCOPE_CACHE": "c"}).cache == tmp_path / "c"
    assert Settings.from_environment({"REWARDSCOPE_CACHE": " "}).cache.name == "rewardscope"


def test_published_scores_are_a_file_that_is_there(tmp_path: Path) -> None:
    with pytest.raises(SettingError) as raised:
        Settings.from_environment({"REWARDSCOPE_REWARDBENCH_SCORES": str(tmp_path)})
    assert str(raised.value) == (
        f"REWARDSCOPE_REWARDBENCH_SCORES names {tmp_path}, which is not a file. Give a JSON file."
    )
    file = tmp_path / "model.json"
    file.touch()
    assert Settings.from_environment({"REWARDSCOPE_REWARDBENCH_SCORES": f" {file} "}).rewardbench_scores == str(file)
    assert Settings.from_environment({"REWARDSCOPE_REWARDBENCH_SCORES": ""}).rewardbench_scores == ""
    on_hub = "hf:allenai/reward-bench-results/eval-set-scores/maker/model-v0.1.json"
    assert Settings.from_environment({"REWARDSCOPE_REWARDBENCH_SCORES": on_hub}).rewardbench_scores == on_hub
    for environment in ({"REWARDSCOPE_HUB": "off"}, {"REWARDSCOPE_REWARDBENCH_SCORES": "hf:scores.json"}):
        with pytest.raises(SettingError):
            Settings.from_environment({"REWARDSCOPE_REWARDBENCH_SCORES": on_hub} | environment)


def test_viewers_may_open_public_datasets_of_the_hub_unless_said_otherwise() -> None:
    def opens(**environment: str) -> set[str]:
        return set(Settings.from_environment(environment).opens)

    assert opens() == {"hub", "columns"}
    assert opens(REWARDSCOPE_OPEN="none") == set()
    assert opens(REWARDSCOPE_OPEN="") == set()
    assert opens(REWARDSCOPE_OPEN=" Paths, upload") == {"paths", "upload"}
    assert opens(REWARDSCOPE_OPEN="private") == {"hub", "private"}
    assert opens(REWARDSCOPE_OPEN="private,paths", REWARDSCOPE_HUB="off") == {"paths"}


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("REWARDSCOPE_OPEN", "hub,path", "has 'path'. Give none, or some of hub, private, paths, upload, columns."),
        ("REWARDSCOPE_HUB", "maybe", "is 'maybe'. Give 'on' or 'off'."),
        ("REWARDSCOPE_CACHE_LIMIT", "20", "is '20'. Give a size such as 500 MB or 20 GB."),
        ("REWARDSCOPE_UPLOAD_LIMIT", "-1 MB", "is '-1 MB'. Give a size such as 500 MB or 20 GB."),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused(name: str, value: str, said: str) -> None:
    with pytest.raises(SettingError) as raised:
        Settings.from_environment({name: value})
    assert str(raised.value) == f"{name} {said}"


def test_sizes_are_written_with_their_unit() -> None:
    found = Settings.from_environment({"REWARDSCOPE_CACHE_LIMIT": "1.5tb", "REWARDSCOPE_UPLOAD_LIMIT": "50 MB"})
    assert (found.cache_limit, found.upload_limit) == (1_500_000_000_000, 50_000_000)
    assert Settings.from_environment({}).cache_limit == 20_000_000_000


@pytest.mark.parametrize(("value", "on"), [("on", True), ("off", False), (" OFF ", False)])
def test_the_sql_console_is_there_unless_it_is_taken_away(value: str, on: bool) -> None:
    assert Settings.from_environment({"REWARDSCOPE_SQL": value}).sql is on
    assert Settings.from_environment({}).sql


def test_a_word_for_the_sql_console_that_is_neither_on_nor_off_is_refused() -> None:
    with pytest.raises(SettingError) as raised:
        Settings.from_environment({"REWARDSCOPE_SQL": "no"})
    assert str(raised.value) == "REWARDSCOPE_SQL is 'no'. Give 'on' or 'off'."


def test_the_app_is_shown_in_frames_of_the_origins_that_are_named_and_no_others() -> None:
    listed = " https://Wiki.example.org, https://intranet:8443 http://localhost:3000 https://wiki.example.org"
    found = Settings.from_environment({"REWARDSCOPE_EMBED_IN": listed})
    assert found.embed_in == ("https://wiki.example.org", "https://intranet:8443", "http://localhost:3000")
    assert Settings.from_environment({}).embed_in == ()


@pytest.mark.parametrize(
    "origin",
    [
        "*",
        "https://*",
        "https://*.example.org",
        "https:",
        "'self'",
        "http://wiki.example.org",
        "https://wiki.example.org/",
        "https://wiki.example.org;script-src",
        "https://a_b.example.org",
        "https://wiki.example.org:port",
        "https://-a.example.org",
        "wiki.example.org",
        "data:",
    ],
)
def test_an_origin_that_is_none_is_refused(origin: str) -> None:
    with pytest.raises(
        SettingError, match=r"^REWARDSCOPE_EMBED_IN has .* Give origins such as https://wiki\.example\.org"
    ):
        Settings.from_environment({"REWARDSCOPE_EMBED_IN": f"https://good.example.org {origin}"})


def test_a_login_is_needed_only_where_it_is_asked_for() -> None:
    assert [Settings.from_environment({"REWARDSCOPE_LOGIN": said}).login for said in ("on", "off", "")] == [
        True,
        False,
        False,
    ]


def test_what_the_log_says_of_the_settings_has_no_secret() -> None:
    address = "postgresql://ada:open-sesame@db.example.org/team"
    words = Settings.from_environment({"REWARDSCOPE_JUDGEMENTS": address, "REWARDSCOPE_CACHE": "/c"}).in_words()
    assert words == {
        "data": "sample",
        "cache": "/c",
        "opens": "columns,hub",
        "hub": "on",
        "sql": "on",
        "judgements": "postgresql",
        "login": "off",
        "embed_in": "none",
        "upload_limit": "200MB",
        "cache_limit": "20000MB",
    }
