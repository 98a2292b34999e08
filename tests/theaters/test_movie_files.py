"""Files of movies: what is read, what is refused with a sentence, and that an exported file is read back unchanged."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from theaters.movies.movie_columns import BY_NAME, COLUMNS, CellUnreadable, RatingFacts
from theaters.movies.movie_files import EXAMPLE, FileRefused, as_csv, as_json, decoded, read_table
from theaters.versions import PLAIN, Version


def values(table):
    return [{name: BY_NAME[name].parse(raw) for name, raw in row.cells.items()} for row in table.rows]


def parse(name, raw):
    return BY_NAME[name].parse(raw)


class TestReading:
    @pytest.mark.parametrize("delimiter", [",", ";", "\t"])
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
    def test_what_spreadsheets_save(self, delimiter, encoding):
        text = (
            delimiter.join(["Slug", "Title", "Running Minutes"]) + "\r\n" + delimiter.join(["kid", "Café 日本", "68"])
        )
        table = read_table(decoded(text.encode(encoding)))
        assert values(table) == [{"slug": "kid", "title": "Café 日本", "running_minutes": 68}]
        assert table.rows[0].place == "Line 2"

    @pytest.mark.parametrize("encoding", ["cp1252", "utf-8-sig", "utf-16"])
    def test_a_list_as_a_german_excel_saves_it(self, encoding):
        text = (
            "Titel;Originaltitel;Jahr;Länge;Regie;Land;Sprache;FSK;Genre;Darsteller;Inhalt\r\n"
            "Süß – ein Film;Sweet;2021,0;130,0;Özgür Yil;Großbritannien, Österreich;Englisch;ab 12 Jahren;Drama;Jo Öl;"
            "5 € „Eintritt“\r\n"
        )
        table = read_table(decoded(text.encode(encoding)))
        assert table.unknown == [] and values(table) == [{
            "title": "Süß – ein Film", "original_title": "Sweet", "year": 2021, "running_minutes": 130,
            "director": "Özgür Yil", "countries": ["GB", "AT"], "languages": ["Englisch"],
            "ratings": [RatingFacts("DE", "FSK 12", 6, 12)], "genres": ["Drama"], "cast": ["Jo Öl"],
            "synopsis": "5 € „Eintritt“",
        }]  # fmt: skip

    def test_a_french_list(self):
        table = read_table(
            "Titre;Année;Durée;Réalisateur;Pays\nLe Règne animal;2023;130 mn;Thomas Cailley;France, Belgique"
        )
        assert table.unknown == [] and values(table) == [{
            "title": "Le Règne animal", "year": 2023, "running_minutes": 130, "director": "Thomas Cailley",
            "countries": ["FR", "BE"],
        }]  # fmt: skip

    @pytest.mark.parametrize("written", ["12", "FSK 12", "FSK-12", "ab 12", "ab 12 Jahren"])
    def test_the_column_fsk_is_a_rating_of_germany(self, written):
        assert values(read_table(f"code;FSK\nD-1;{written}"))[0]["ratings"] == [RatingFacts("DE", "FSK 12", 6, 12)]

    def test_a_cell_of_several_lines_counts_where_it_begins(self):
        table = read_table('slug,synopsis\na,"one\r\ntwo"\n\nb,x\n')
        assert [row.place for row in table.rows] == ["Line 2", "Line 5"]
        assert values(table)[0]["synopsis"] == "one\ntwo"

    def test_json_as_a_list_or_under_its_name(self):
        items = [{"slug": "kid", "year": 1921, "genres": ["Drama", "Comedy"], "score": 5}]
        for data in (items, {"movies": items}):
            table = read_table(json.dumps(data))
            assert values(table) == [{"slug": "kid", "year": 1921, "genres": ["Drama", "Comedy"]}]
            assert (table.unknown, table.rows[0].place) == (["score"], "Movie 1")

    @pytest.mark.parametrize(
        "text",
        [
            '{"runningMinutes": 161, "Title": "Heat", "Original Title": "Heat", "YEAR": 1995.0, "code": "D-1"}',
            '[{"Running-Minutes": "161.0", "title": "Heat", "originalTitle": "Heat", "year": "1995", "Code": "D-1"}]',
            (
                '{"movies": [{"running_time": "2 h 41 min", "name": "Heat", "original_title": "Heat", '
                '"release_date": "1995-12-15", "code": "D-1"}]}'
            ),
            "Code;Runtime (mins);Title;Original title;Year\nD-1;161;Heat;Heat;1995",
            '{"code":"D-1","runtime":"PT2H41M","title":"Heat","original_title":"Heat","year":"1995–1996"}\n\n{"code": "D-2"}',
        ],
    )
    def test_names_of_columns_in_other_spellings(self, text):
        assert values(read_table(text))[0] == {
            "code": "D-1", "running_minutes": 161, "title": "Heat", "original_title": "Heat", "year": 1995,
        }  # fmt: skip

    def test_our_own_name_counts_before_those_of_others(self):
        assert values(
            read_table('{"plot": "Long", "synopsis": "Ours", "imdbID": "tt1", "id": 7, "title": "Heat"}')
        ) == [{"code": "tt1", "synopsis": "Ours", "title": "Heat"}]

    @pytest.mark.parametrize(
        ("text", "sentence"),
        [
            ("", "nothing in it"),
            ("slug\n", "no movie in it"),
            ("title,director\nx,y", "one of them is “slug” or “code”"),
            ("slug,slug\na,b", "is there twice"),
            ('slug\n"never closed', "Line 2 cannot be read"),
            ("slug\n" + "x" * 140_000, "cannot be read as CSV"),
            ("slug\n\0", "not a text file"),
            ("[" * 100_000, "nested too deeply|not JSON"),
            ("[" + "9" * 5000 + "]", "a number of more than 4,300 digits"),
            ("{", "line 1, column 2"),
            ('{"films": []}', "not a list of movies"),
            ("slug\n" + "a\n" * 1001, "more than 1000 movies"),
            ("slug\n" + "é" * 250_001, "more than 500 KB"),
        ],
    )
    def test_a_file_that_cannot_be_read(self, text, sentence):
        with pytest.raises(FileRefused) as refused:
            read_table(text)
        assert any(part in str(refused.value) for part in sentence.split("|")), str(refused.value)

    @pytest.mark.parametrize("data", [b"\xe9\xff", b"\x89PNG\r\n\x1a\n\x00", b"x" * 500_001, b"\xff\xfe\x00"])
    def test_bytes_that_are_no_text(self, data):
        with pytest.raises(FileRefused):
            read_table(decoded(data))

    def test_rows_that_are_no_rows(self):
        assert "3 cells, but there are 2 columns" in read_table("slug,title\na,b,c\n").rows[0].problem
        assert [row.problem for row in read_table('[1, {"slug": "a"}]').rows] == [
            "is not an object with the names of columns.",
            "",
        ]


class TestCells:
    def test_versions_and_ratings(self):
        assert parse("versions", "3D, dubbed in german|2d") == [PLAIN, Version("3D", "German", "")]
        assert parse("versions", "") == [PLAIN]
        assert parse("ratings", "gb 12A | DE FSK 16, from 16") == [
            RatingFacts("DE", "FSK 16", 16),
            RatingFacts("GB", "12A", None, 12),
        ]
        assert parse("ratings", ["GB 15, no limit"]) == [RatingFacts("GB", "15", 0)]

    @pytest.mark.parametrize(
        ("raw", "minutes"),
        [
            (161.0, 161), ("161.0", 161), ("161 min", 161), ("161 Min.", 161), ("161′", 161), ("2h 41m", 161), ("2h41", 161),
            ("2 hours and 41 minutes", 161), ("2 Std. 41 Min.", 161), ("2:41", 161), ("02:41:30", 161), ("PT161M", 161),
            ("PT2H", 120), ("2h", 120), ("", None),
        ],
    )  # fmt: skip
    def test_lengths(self, raw, minutes):
        assert parse("running_minutes", raw) == minutes

    @pytest.mark.parametrize(
        "raw",
        [
            2001,
            2001.0,
            "2001.0",
            "2001-03-09",
            "9 Mar 2001",
            "March 9, 2001",
            "9. März 2001",
            "9.3.2001",
            "2001–2003",
            "2001-04-12 00:00:00",
            "4/12/2001 12:00:00 AM",
            "2001-04-12T00:00:00Z",
        ],
    )
    def test_years(self, raw):
        assert parse("year", raw) == 2001

    @pytest.mark.parametrize(
        ("raw", "codes"),
        [
            ("United States, UK", ["US", "GB"]), ("USA | Deutschland | fr", ["US", "DE", "FR"]), ("West Germany", ["DE"]),
            ("Korea, Republic of", ["KR"]), (["Soviet Union", "SU", "Türkiye"], ["SU", "TR"]), ("", []),
            ("XC | XG | DDR | YUG | U.S.A.", ["CS", "DD", "YU", "US"]), ("Palestine, State of", ["PS"]),
            ("France, Palestine, State of, Korea, Republic of", ["FR", "PS", "KR"]), ("Serbia and Montenegro", ["RS"]),
            ("Federal Republic of Yugoslavia", ["YU"]), ("The Democratic Republic of Congo", ["CD"]),
            ("Großbritannien / Tschechische Republik", ["GB", "CZ"]), ("Bosnia and Herzegovina", ["BA"]),
            ("Côte d'Ivoire | Trinidad and Tobago | Saint Lucia | Guinea Bissau", ["CI", "TT", "LC", "GW"]),
            ("Macedonia | Czechoslovakia | Sowjetunion | Myanmar", ["MK", "CS", "SU", "MM"]),
        ],
    )  # fmt: skip
    def test_countries_by_name_or_code(self, raw, codes):
        assert parse("countries", raw) == codes

    def test_lists_with_commas(self):
        assert parse("cast", "Robert Downey, Jr., Val Kilmer") == ["Robert Downey, Jr.", "Val Kilmer"]
        assert parse("genres", "Action, Adventure |") == ["Action, Adventure"]
        assert parse("countries", "Poland / Deutschland") == ["PL", "DE"]
        assert parse("genres", "Sci-Fi/Horror / Drama") == ["Sci-Fi/Horror", "Drama"]

    @pytest.mark.parametrize(
        ("name", "raw"),
        [
            ("running_minutes", "PT"), ("running_minutes", "long"), ("running_minutes", 90.5), ("countries", "Atlantis"),
            ("countries", "XX"), ("countries", "ZZ"), ("year", "19x7"),
            ("year", "-1"), ("year", "1" * 6), ("year", "²"), ("year", 19.5), ("year", True),
            ("title", "a\x00b"), ("title", "\ud800"), ("title", {"a": 1}), ("genres", [["a"]]), ("versions", "5D"),
            ("ratings", "PG"), ("ratings", "GB PG | GB 12"), ("ratings", "GB 15, when tired"), ("ratings", "GBR 15"),
        ],
    )  # fmt: skip
    def test_what_a_cell_cannot_be(self, name, raw):
        with pytest.raises(CellUnreadable):
            parse(name, raw)


LINE = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp", "Zs"), exclude_characters="|"), max_size=20
)
MOVIES = st.fixed_dictionaries(
    {
        "slug": st.just("kid"), "code": LINE, "title": LINE, "synopsis": LINE, "tagline": LINE, "year": st.integers(0, 32767),
        "cast": st.lists(LINE, max_size=3), "genres": st.lists(LINE, max_size=2),
        "versions": st.sampled_from(["", "3D | 2D, French and Dutch subtitles"]),
        "ratings": st.sampled_from(["", "GB 15, no limit | US R", "DE FSK 6, from 6, accompanied under 12"]),
    }
)  # fmt: skip


class TestWriting:
    @given(MOVIES)
    def test_what_is_written_is_read_as_the_same(self, raw):
        movie = {column.name: column.parse(raw.get(column.name)) for column in COLUMNS}
        assert values(read_table("".join(as_csv([movie])))) == [movie]
        assert values(read_table(as_json([movie]))) == [movie]

    @pytest.mark.parametrize("text", ["=1+1", "'=1+1", "''@x", "+44", "-5", "'plain"])
    def test_nothing_runs_in_a_spreadsheet_and_comes_back_as_it_was(self, text):
        movie = {column.name: column.parse(None) for column in COLUMNS} | {"slug": "a", "title": text}
        written = "".join(as_csv([movie]))
        assert not any(cell.startswith(("=", "+", "@")) for line in written.splitlines() for cell in line.split(","))
        assert values(read_table(written))[0]["title"] == text

    def test_the_example_reads_itself(self):
        assert values(read_table("".join(as_csv(EXAMPLE)))) == EXAMPLE
        assert values(read_table(as_json(EXAMPLE))) == EXAMPLE
