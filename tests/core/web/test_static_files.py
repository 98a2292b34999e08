"""Scripts in production: under names that change with their content, also where one names another."""

from core.web.static_files import RememberingStaticFilesStorage


def test_a_module_names_its_neighbors_by_their_content(tmp_path):
    (tmp_path / "editor.js").write_text('import { draw } from "./room.js";\ndraw();\n')
    (tmp_path / "room.js").write_text("export const draw = () => null;\n")
    storage = RememberingStaticFilesStorage(location=tmp_path, base_url="/static/")
    list(storage.post_process({name: (storage, name) for name in ("editor.js", "room.js")}))
    room = storage.url("room.js").removeprefix("/static/")
    assert room != "room.js"
    editor = tmp_path / storage.url("editor.js").removeprefix("/static/")
    assert editor.read_text().splitlines()[0] == f'import {{ draw }} from "./{room}";'
