"""A report as a PDF and as one picture."""

import shutil
import subprocess
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from scenarios.errors import BadInput
from scenarios.report import typeset
from scenarios.report.document import Report, Section, Table
from scenarios.report.typeset import pdf_of, png_of
from tests.scenarios.report.reports import whole


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return pdf_of(whole())


def text_of(pdf: bytes, path: Path) -> str:
    if shutil.which("pdftotext") is None:
        pytest.skip("there is no pdftotext to read a PDF with")
    path.write_bytes(pdf)
    return subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True, text=True).stdout


def test_the_same_report_is_the_same_pdf(pdf: bytes) -> None:
    assert pdf.startswith(b"%PDF-") and b"CreationDate" not in pdf
    assert pdf == pdf_of(whole())


def test_a_pdf_says_all_that_the_report_says_and_takes_none_of_it_for_markup(pdf: bytes, tmp_path: Path) -> None:
    text = " ".join(text_of(pdf, tmp_path / "report.pdf").split())
    assert text.count("<script>alert(1)</script>") >= 8
    for words in (
        "At 20 % noise, weighted reaches 0.874",
        "policy 39",
        "Figure 4. Answers.",
        r"$x_1$ \x1b[31m \u202eabc \ud800 &",
    ):
        assert words in text


def test_a_table_that_breaks_over_pages_has_its_head_on_each(tmp_path: Path) -> None:
    rows = tuple((f"row {number}", f"{number:,}") for number in range(150))
    text = text_of(pdf_of(one(Table("Many rows.", ("name of the row", "value"), rows, (1,)))), tmp_path / "report.pdf")
    pages = text.rstrip("\f").split("\f")
    assert len(pages) > 2
    assert all(page.count("name of the row") == 1 for page in pages if "row 1" in page)
    assert "row 149" in pages[-1] and f"{len(pages)}/{len(pages)}" in pages[-1].replace(" ", "")


@pytest.mark.parametrize(
    "text", ["#panic()", "*a* _b_ `c` $d$ @e <f> = g", "#let x = 1", "\\ \"quoted\" 'so' -- ---", "http://no.test"]
)
def test_no_text_of_data_is_markup(text: str, tmp_path: Path) -> None:
    report = Report(text, text, (text,), (text,), (Section(text, (text,), (Table(text, (text,), ((text,),)),)),))
    assert text_of(pdf_of(report), tmp_path / "report.pdf").count(text) == 9


def test_a_report_without_anything_but_a_title_is_a_page() -> None:
    assert pdf_of(Report("title", "", (), (), ())).startswith(b"%PDF-")


def test_a_picture_is_the_whole_report_on_white() -> None:
    with Image.open(BytesIO(png_of(whole()))) as picture:
        assert picture.width == 1191 and picture.height > 2000
        dots = np.asarray(picture.convert("RGB"))
    assert (dots[0] == 255).all() and (dots[-1] == 255).all() and dots.std() > 10
    assert (dots == (0x00, 0x72, 0xB2)).all(axis=2).sum() > 500


def test_a_picture_that_would_be_too_high_is_coarser_or_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    report = one(Table("", ("a", "b"), tuple((str(number), "x") for number in range(60))))
    with Image.open(BytesIO(png_of(report))) as picture:
        high = picture.height
    monkeypatch.setattr(typeset, "LONGEST", high * 3 // 4)
    with Image.open(BytesIO(png_of(report))) as picture:
        assert picture.height == pytest.approx(high * 3 // 4, abs=2)
    monkeypatch.setattr(typeset, "LONGEST", high // 3)
    with pytest.raises(BadInput, match=r"this report is \d+ cm long, which is too much for one picture; write a \.pdf"):
        png_of(report)


def one(table: Table) -> Report:
    return Report("A report", "", (), (), (Section("Section", (), (table,)),))
