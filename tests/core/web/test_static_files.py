"""In production scripts have names that change with their content, also where one script names another."""

import re

from django.core.files.base import ContentFile

from core.web.static_files import COMMENT_LINE, RememberingStaticFilesStorage
from dev.state import CHECKOUT

SCRIPTS = sorted((CHECKOUT / "static" / "js").rglob("*.js"))


def test_a_color_keeps_its_hue_where_it_is_thinned_out():
    """`transparent` has no hue, so in oklch a blue surface would be mixed with hue 0: the bar of a blue house was pink."""
    mixes = re.compile(r"color-mix\(in oklch,[^;{}]*transparent")
    assert [str(path) for path in (CHECKOUT / "static" / "css").rglob("*.css") if mixes.search(path.read_text())] == []


def test_a_module_names_its_neighbors_by_their_content(tmp_path):
    (tmp_path / "editor.js").write_text('import { draw } from "./room.js";\ndraw();\n')
    (tmp_path / "room.js").write_text("export const draw = () => null;\n")
    storage = RememberingStaticFilesStorage(location=tmp_path, base_url="/static/")
    list(storage.post_process({name: (storage, name) for name in ("editor.js", "room.js")}))
    room = storage.url("room.js").removeprefix("/static/")
    assert room != "room.js"
    editor = tmp_path / storage.url("editor.js").removeprefix("/static/")
    assert editor.read_text().splitlines()[0] == f'import {{ draw }} from "./{room}";'


def test_our_scripts_are_collected_without_their_comments(tmp_path):
    storage = RememberingStaticFilesStorage(location=tmp_path, base_url="/static/")
    text = b"// What it is for.\nconst url = 'https://a.example'; // stays\n  // Why.\nrun(url);\n"
    for name in ("js/ours.js", "others/theirs.js"):
        storage.save(name, ContentFile(text))
    assert (tmp_path / "js/ours.js").read_bytes() == b"const url = 'https://a.example'; // stays\nrun(url);\n"
    assert (tmp_path / "others/theirs.js").read_bytes() == text
    list(storage.post_process({"js/ours.js": (storage, "js/ours.js")}))
    hashed = tmp_path / storage.url("js/ours.js").removeprefix("/static/")
    assert hashed.name != "ours.js" and hashed.read_bytes() == (tmp_path / "js/ours.js").read_bytes()


def test_no_text_of_a_script_looks_like_a_line_of_comment():
    """In a text of several lines `//` is no comment, and would be lost."""
    for path in SCRIPTS:
        script = path.read_bytes()
        for line in COMMENT_LINE.finditer(script):
            before = COMMENT_LINE.sub(b"", script[: line.start()])
            assert len(re.findall(rb"(?<!\\)`", before)) % 2 == 0, (path.name, line[0])
