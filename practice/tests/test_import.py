"""Import: every file of the wild is read or refused with words, every wrong row named, and nothing stored by half."""

import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from audit.models import Event
from practice import actions, imports, sheets
from practice.models import Device, Room, Service, ServiceCategory
from practice.tests.test_writing import BY
from tenants.context import enter

PAGE = "/desk/settings/import/"
HEADING = "heading,name,duration"
GOOD = f"{HEADING}\nSkin,Glow facial,60\nSkin,Deep facial,75\n"
WRONG = {
    "heading_missing": ",A1,30",
    "name_missing": "Skin,,30",
    "name_too_long": f"Skin,{'x' * 121},30",
    "name_control_character": "Skin,a\x07b,30",
    "formula": "Skin,=cmd()|calc,30",
    "exists": "Skin,botox,30",
    "duration_missing": "Skin,A2,",
    "duration_not_a_number": "Skin,A3,half",
    "duration_range": "Skin,A4,3",
    "buffer after_range": "Skin,A5,30,,500",
    "gap_order": "Skin,A6,30,,,20,20",
    "price_invalid": "Skin,A7,30,,,,,cheap",
    "deposit_invalid": "Skin,A8,30,,,,,,-4",
    "deposit_order": "Skin,A9,30,,,,,5,6",
    "room kind_unknown": "Skin,B1,30,,,,,,,dungeon",
    "device kind_unknown": "Skin,B2,30,,,,,,,,catapult",
    "minimum age_range": "Skin,B3,30,,,,,,,,,200",
    "online_invalid": "Skin,B4,30,,,,,,,,,,perhaps",
    "provider_unknown": "Skin,B5,30,,,,,,,,,,,Nobody Known",
    "too_many_cells": "Skin,B6,30,,,,,,,,,,,,more",
}
WIDE = (
    "heading,name,duration,buffer before,buffer after,gap after,gap minutes,price,deposit,"
    "room kind,device kind,minimum age,online,providers"
)


@pytest.fixture
def inside(glow):
    with enter(glow.clinic):
        yield glow


@pytest.fixture
def owner(glow):
    return glow.client(glow.cast.owner)


def send(client, what: str, content: bytes | str, name: str = "sheet.csv"):
    data = content.encode() if isinstance(content, str) else content
    return client.post(f"{PAGE}{what}/", {f"{what}-sheet": SimpleUploadedFile(name, data, "text/csv")})


@pytest.mark.parametrize(
    "content",
    [
        GOOD.encode(),
        GOOD.encode("utf-8-sig"),
        GOOD.encode("utf-16"),
        GOOD.replace(",", ";").encode("cp1252"),
        GOOD.replace(",", "\t").encode(),
        ("sep=;\r\n" + GOOD.replace(",", ";").replace("\n", "\r\n")).encode(),
        GOOD.replace("heading,name", " Heading ,NAME").encode(),
        GOOD.replace("\n", ",,\n").encode(),
        (GOOD + "\n\n,,\n").encode(),
        GOOD.replace("60", "60.0").encode(),
    ],
)
def test_the_ways_programs_write_a_table(inside, content):
    run = imports.dry_run("services", content)
    assert [(row["name"], row["duration_minutes"]) for row in run.ready] == [
        ("Glow facial", 60),
        ("Deep facial", 75),
    ]
    assert run.is_clear


def test_accents_come_through_excels_own_encoding(inside):
    run = imports.dry_run("services", f"{HEADING}\nPiel,Depilación láser,30\n".encode("cp1252"))
    assert run.ready[0]["name"] == "Depilación láser"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"PK\x03\x04\0\0\0 an xlsx", "not a CSV"),
        (b"\x89PNG\r\n\0\0", "not a CSV"),
        (b"name,duration\nA,30\n", "“heading” is missing"),
        (b"heading,name,duration,colour\n", "no column “colour”"),
        (b"heading,name,name,duration\n", "“name” is there twice"),
        (b'heading,name,duration\nSkin,"open,30\n', "cannot be read"),
        (f"{HEADING}\n".encode() + b"Skin,A,30\n" * 10_001, "more than 10,000 rows"),
        (b"x" * (4 * 1024 * 1024 + 1), "at most 4 MB"),
        (HEADING.encode() + b"\n" + b"x" * 30_000, "cannot be read"),
    ],
)
def test_files_that_are_no_table(inside, content, says):
    with pytest.raises(sheets.SheetProblem) as caught:
        imports.dry_run("services", content)
    assert says in str(caught.value.message)


@pytest.mark.parametrize("code", WRONG)
def test_each_kind_of_error(inside, code):
    run = imports.dry_run("services", f"{WIDE}\n{WRONG[code]}\nSkin,Fine,30\n".encode())
    assert set(run.kinds) == {code}
    error = run.errors[0]
    assert error.row == 2
    assert str(error.wrong)
    assert str(error.remedy)
    assert not run.is_clear


def test_a_name_twice_names_the_other_row(inside):
    run = imports.dry_run("services", f"{GOOD}Skin,GLOW FACIAL,30\n".encode())
    assert "row 2" in str(run.errors[0].wrong)


def test_ten_thousand_rows_with_every_kind_of_error_are_fast(glow, owner):
    lines = list(WRONG.values())
    rows = [
        f"Skin,Service {number},30" if number % 2 else lines[number // 2 % len(lines)]
        for number in range(10_000)
    ]
    content = "\n".join([WIDE, *rows])
    began = time.process_time()
    answer = send(owner, "services", content)
    took = time.process_time() - began
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "The first 200 are listed." in text
    assert took < 5, f"{took:.1f} s"
    with enter(glow.clinic):
        assert not Service.objects.filter(name__startswith="Service ").exists()
        assert len(imports.dry_run("services", content.encode()).kinds) >= 17


def token_of(answer) -> str:
    return answer.content.decode().partition('name="token" value="')[2].partition('"')[0]


def test_services_are_checked_then_imported(glow, owner):
    content = f'{WIDE}\nSkin,Glow facial,60,0,15,20,20,"1,195.50",50,treatment,,21,no,Nora Novak|ines ibarra\nFace,Peel,30\n'
    answer = send(owner, "services", content)
    assert answer.status_code == 200
    with enter(glow.clinic):
        assert not Service.objects.filter(name="Glow facial").exists()
    token = token_of(answer)
    assert owner.post(f"{PAGE}services/confirm/", {"token": token}).status_code == 303
    with enter(glow.clinic):
        row = Service.objects.get(name="Glow facial")
        assert (row.price_amount, row.deposit_amount, row.min_age, row.online) == (119_550, 5_000, 21, False)
        assert {one.display_name for one in row.providers.all()} == {"Nora Novak", "Ines Ibarra"}
        assert Service.objects.get(name="Peel").category == glow.cast.services["botox"].category
        assert ServiceCategory.objects.filter(name="Skin").count() == 1
        assert Event.objects.filter(verb="services.imported").count() == 1
    again = owner.post(f"{PAGE}services/confirm/", {"token": token})
    assert again["Location"] == PAGE
    assert "Upload it once more." in owner.get(PAGE).content.decode()


def test_what_changed_since_the_dry_run_is_seen(glow, owner):
    token = token_of(send(owner, "services", GOOD))
    with enter(glow.clinic):
        category = glow.cast.services["botox"].category
        actions.create_service(by=BY, category=category, name="Deep facial", duration_minutes=30)
    answer = owner.post(f"{PAGE}services/confirm/", {"token": token})
    assert answer.status_code == 422
    assert "there already" in answer.content.decode()
    with enter(glow.clinic):
        assert not Service.objects.filter(name="Glow facial").exists()  # none of them


def test_a_file_waits_for_its_owner_alone(clinics, owner):
    token = token_of(send(owner, "services", GOOD))
    for house, role in ((clinics.glow, "admin"), (clinics.rival, "owner")):
        other = house.client(house.cast.users[role])
        answer = other.post(f"{PAGE}services/confirm/", {"token": token})
        assert answer["Location"] == PAGE
        assert "Upload it once more." in other.get(PAGE).content.decode()


def test_rooms_and_devices(glow, owner):
    content = "type,name,kind,location\nroom,Blue,treatment,south congress\ndevice,Pico,laser,\n"
    token = token_of(send(owner, "resources", content))
    assert owner.post(f"{PAGE}resources/confirm/", {"token": token}).status_code == 303
    with enter(glow.clinic):
        assert Room.objects.get(name="Blue").resource.kind == "room"
        assert Device.objects.get(name="Pico").location == glow.cast.location
    wrong = "type,name,kind,location\nroom,Room one,treatment,\nboat,A,b,\nroom,B,,\nroom,C,d,Mars\n"
    with enter(glow.clinic):
        kinds = set(imports.dry_run("resources", wrong.encode()).kinds)
    assert kinds == {"exists", "type_unknown", "kind_missing", "location_unknown"}


def test_the_template_fits_and_an_export_comes_back(glow, owner):
    with enter(glow.clinic):
        actions.update_service(glow.cast.services["botox"], by=BY, name="=HYPERLINK(1)")
    for what in ("services", "resources"):
        template = owner.get(f"{PAGE}{what}/template.csv")
        assert template["Content-Disposition"].startswith("attachment")
        with enter(glow.clinic):
            assert imports.dry_run(what, template.content).is_clear
    export = owner.get(f"{PAGE}services/export.csv").content.decode("utf-8-sig")
    assert ",'=HYPERLINK(1)," in export
    assert "\n=" not in export
    assert ",=" not in export


def test_no_file_and_a_huge_one(owner):
    assert "Choose a file first." in owner.post(f"{PAGE}services/").content.decode()
    answer = send(owner, "services", b"a" * 5_000_000)
    assert answer.status_code == 422
    assert "at most 4 MB" in answer.content.decode()


@pytest.mark.parametrize("start", sheets.FORMULA)
def test_no_cell_runs(start):
    written = sheets.write_rows(["name"], [[f"{start}1+1"]]).decode("utf-8-sig").splitlines()[1]
    assert written.strip('"').startswith("'")
