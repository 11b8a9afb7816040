"""Settings are read strictly: what is wrong stops the start with one line that says which and what to do."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

import pytest

from portal.settings import ROOT, Environment, SettingFault, Settings, settings_table

KEY = "k" * 32


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {"PORTAL_INSTANCE": str(tmp_path / "instance"), "PORTAL_SECRET_KEY": KEY}


def test_nothing_has_to_be_set(tmp_path: Path) -> None:
    settings = Settings.read({"PORTAL_INSTANCE": str(tmp_path), "HOME": "elsewhere", "PATH": ""})
    assert settings.env == Environment.DEVELOPMENT
    assert settings.demo
    assert not settings.is_secure
    assert settings.sender == "Trivselsportalen <noreply@127.0.0.1>"
    assert settings.database_url == f"sqlite:///{tmp_path}/portal.sqlite"
    assert Settings.__dataclass_fields__["instance"].default == ROOT / "instance"


def test_everything_can_be_set(environ: dict[str, str]) -> None:
    environ |= {
        "PORTAL_ENV": " production ",
        "PORTAL_DATABASE_URL": "postgresql://portal@db/portal",
        "PORTAL_DEMO": "off",
        "PORTAL_BASE_URL": "https://trivsel.example.dk/",
        "PORTAL_HOST": "0.0.0.0",  # noqa: S104
        "PORTAL_PORT": "80",
        "PORTAL_THREADS": "16",
        "PORTAL_PROXIES": "1",
        "PORTAL_SMTP_URL": "smtps://mail.example.dk:465",
        "PORTAL_SCHOOL_NAME": " Ærøskøbing Skole ",
        "PORTAL_OFFICE_PHONE": "12 34 56 78",
        "PORTAL_OFFICE_EMAIL": "kontor@example.dk",
        "PORTAL_MAIL_FROM": "Ærøskøbing Skole <trivsel@example.dk>",
        "PORTAL_REPRESENTATIVE_NAME": "kontaktforælder",
    }
    settings = Settings.read(environ)
    assert settings.is_production
    assert settings.is_secure
    assert settings.sends_mail
    assert settings.sender == "Ærøskøbing Skole <trivsel@example.dk>"
    assert settings.database_url == "postgresql+psycopg://portal@db/portal"
    assert settings.base_url == "https://trivsel.example.dk"
    assert settings.school_name == "Ærøskøbing Skole"
    assert (settings.port, settings.threads, settings.proxies, settings.demo) == (80, 16, 1, False)
    assert Settings.read(settings.as_environ()) == settings


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://portal@/portal?host=/var/run/postgresql",
        "postgresql://portal@/portal?host=a:5432&host=b:5432&target_session_attrs=read-write",
    ],
)
def test_the_addresses_of_the_documentation_are_taken(environ: dict[str, str], address: str) -> None:
    assert address in (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    read = Settings.read(environ | {"PORTAL_DATABASE_URL": address}).database_url
    assert read == address.replace("postgresql:", "postgresql+psycopg:")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ENV", "prod"),
        ("ENV", ""),
        ("DATABASE_URL", ""),
        ("DATABASE_URL", "mysql://db"),
        ("DATABASE_URL", "x.db"),
        ("DATABASE_URL", "postgresql://db/portal?prepare_threshold=0"),
        ("DATABASE_URL", "postgresql://db/portal?connect_timeout=3&autocommit=1"),
        ("SECRET_KEY", ""),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", " " * 40),
        ("DEMO", "perhaps"),
        ("DEMO", ""),
        ("BASE_URL", "trivsel.example.dk"),
        ("BASE_URL", "ftp://a.dk"),
        ("BASE_URL", "https://a.dk/portal"),
        ("BASE_URL", "https://a.dk?x"),
        ("BASE_URL", "https://"),
        ("BASE_URL", "https://["),
        ("BASE_URL", "https://a.dk:port"),
        ("BASE_URL", "https://a.dk:99999"),
        ("BASE_URL", "https://a.dk#x"),
        ("BASE_URL", "https://me@a.dk"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "http"),
        ("PORT", "-1"),
        ("PORT", "8000.0"),
        ("PORT", "²"),
        ("THREADS", "0"),
        ("THREADS", "65"),
        ("PROXIES", "6"),
        ("PROXIES", "yes"),
        ("SMTP_URL", "mail.example.dk"),
        ("SMTP_URL", "http://mail"),
        ("SMTP_URL", "smtp://mail:port"),
        ("SMTP_URL", "smtp://"),
        ("MAIL_FROM", "Alslev Skole"),
        ("MAIL_FROM", "a@b.dk, c@d.dk"),
        ("MAIL_FROM", "a@b.dk\nBcc: c@d.dk"),
        ("MAIL_FROM", "@"),
        ("INSTANCE", ""),
        ("INSTANCE", "~nobody-of-this-name/portal"),
    ],
)
def test_a_wrong_value_is_refused_in_one_line(environ: dict[str, str], name: str, value: str) -> None:
    environ[f"PORTAL_{name}"] = value
    with pytest.raises(SettingFault) as refused:
        Settings.read(environ)
    line = str(refused.value)
    assert line.startswith(f"PORTAL_{name} ")
    assert "\n" not in line
    assert "use" in line, "it says what to do"


def test_a_secret_is_never_repeated(environ: dict[str, str]) -> None:
    for name, value in (
        ("SECRET_KEY", "hunter2"),
        ("DATABASE_URL", "mysql://hunter2@db"),
        ("SMTP_URL", "hunter2@mail"),
    ):
        with pytest.raises(SettingFault) as refused:
            Settings.read(environ | {f"PORTAL_{name}": value})
        assert "hunter2" not in str(refused.value)
    settings = Settings.read(environ | {"PORTAL_SMTP_URL": "smtp://a:hunter2@mail", "PORTAL_SECRET_KEY": "hunter2" * 6})
    assert "hunter2" not in repr(settings)


def test_an_unknown_name_is_refused(environ: dict[str, str]) -> None:
    with pytest.raises(SettingFault, match="PORTAL_SKOLE is not a setting; README.md lists them all"):
        Settings.read(environ | {"PORTAL_SKOLE": "Alslev"})


def test_demo_is_refused_in_production(environ: dict[str, str]) -> None:
    with pytest.raises(SettingFault, match="PORTAL_DEMO must be 0 in production"):
        Settings.read(environ | {"PORTAL_ENV": "production", "PORTAL_DEMO": "1"})
    assert not Settings.read(environ | {"PORTAL_ENV": "production"}).demo


@pytest.mark.parametrize("secret", [{}, {"PORTAL_SECRET_KEY": KEY}], ids=["its own key", "a given key"])
def test_an_instance_folder_that_cannot_be_written_is_refused(tmp_path: Path, secret: dict[str, str]) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SettingFault, match=r"^the folder .* cannot be written: .*; set PORTAL_INSTANCE$"):
        Settings.read({"PORTAL_INSTANCE": str(tmp_path / "file" / "instance"), **secret})


def test_the_key_is_made_once_and_for_the_owner_s_eyes_only(tmp_path: Path) -> None:
    first, second = (Settings.read({"PORTAL_INSTANCE": str(tmp_path)}) for _ in range(2))
    assert first.secret_key == second.secret_key
    assert len(first.secret_key) >= 48
    assert (tmp_path / "secret-key").stat().st_mode & 0o077 == 0
    assert [file.name for file in tmp_path.iterdir()] == ["secret-key"]


def test_a_key_that_is_damaged_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "secret-key").write_text("cut", encoding="ascii")
    with pytest.raises(SettingFault, match="set PORTAL_SECRET_KEY"):
        Settings.read({"PORTAL_INSTANCE": str(tmp_path)})


def test_processes_that_start_at_the_same_moment_have_one_key(tmp_path: Path) -> None:
    fork = multiprocessing.get_context("fork")
    start, keys = fork.Barrier(8), fork.SimpleQueue()

    def begin() -> None:
        start.wait()
        keys.put(Settings.read({"PORTAL_INSTANCE": str(tmp_path)}).secret_key)

    processes = [fork.Process(target=begin) for _ in range(8)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(20)
    assert [process.exitcode for process in processes] == [0] * 8
    assert len({keys.get() for _ in processes}) == 1
    assert [file.name for file in tmp_path.iterdir()] == ["secret-key"]


def test_the_table_names_every_setting_in_order() -> None:
    names = [f"PORTAL_{name.upper()}" for name in Settings.__dataclass_fields__]
    lines = settings_table().splitlines()[2:]
    assert [line.split("`")[1] for line in lines] == names
    assert all(line.count("|") == 4 for line in lines)


def test_a_host_with_danish_letters_is_mailed_as_servers_know_it(environ: dict[str, str]) -> None:
    environ |= {
        "PORTAL_BASE_URL": "https://trivsel.østerskov.dk:8443",
        "PORTAL_MAIL_FROM": "Østerskov Skole <trivsel@østerskov.dk>",
        "PORTAL_OFFICE_EMAIL": "mailto:kontor@Østerskov.dk",
    }
    settings = Settings.read(environ)
    assert settings.base_url == "https://trivsel.østerskov.dk:8443", "as people type it from paper"
    assert settings.linked_url == "https://trivsel.xn--sterskov-44a.dk:8443"
    assert settings.mail_host == "trivsel.xn--sterskov-44a.dk"
    assert settings.sender == "Østerskov Skole <trivsel@xn--sterskov-44a.dk>"
    assert settings.office_email == "kontor@østerskov.dk"


@pytest.mark.parametrize(
    ("base", "linked"),
    [
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("http://127.0.0.1", "http://127.0.0.1"),
        ("HTTP://A.dk", "http://a.dk"),
    ],
)
def test_a_link_in_a_mail_leads_to_the_address_people_use(environ: dict[str, str], base: str, linked: str) -> None:
    assert Settings.read(environ | {"PORTAL_BASE_URL": base}).linked_url == linked


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BASE_URL", "https://tri vsel.dk"),
        ("BASE_URL", "https://ø..dk"),
        ("OFFICE_EMAIL", "kontoret"),
        ("MAIL_FROM", "Skolen <søren@example.dk>"),
    ],
)
def test_a_host_or_address_that_cannot_be_one_is_refused(environ: dict[str, str], name: str, value: str) -> None:
    with pytest.raises(SettingFault, match=f"PORTAL_{name} .* use "):
        Settings.read(environ | {f"PORTAL_{name}": value})
