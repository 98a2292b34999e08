"""Watches every page that a test opens: what the console says, what fails to load, and what sticks out sideways."""

from playwright.sync_api import ConsoleMessage, Page, Request, Response

# The page itself reports this, so that every page on the way is measured, not only the last one.
MEASURE = """
addEventListener("DOMContentLoaded", () => {
  const measure = () => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return;
    const all = [...document.body.querySelectorAll("*")];
    const wide = all.filter((one) => one.getBoundingClientRect().right > clientWidth || one.getBoundingClientRect().left < 0);
    const named = wide.slice(0, 5).map((one) => one.outerHTML.slice(0, 80)).join(" | ");
    console.error(`${location.pathname} is ${scrollWidth - clientWidth} px too wide: ${named}`);
  };
  addEventListener("load", measure);
  new ResizeObserver(measure).observe(document.body);
});
"""
# The browser drops requests that it no longer needs when a person leaves the page.
MOVED_ON = "net::ERR_ABORTED"


class Watch:
    def __init__(self) -> None:
        self.complaints: list[str] = []
        self._allowed: set[int] = set()

    def allow(self, *statuses: int) -> None:
        """Allow refusals that this test causes on purpose."""
        self._allowed.update(statuses)

    def over(self, page: Page) -> None:
        page.add_init_script(MEASURE)
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.on("requestfailed", self._failed)
        page.on("response", self._answered)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type not in {"error", "warning"}:
            return
        # The answer itself is judged below, where its status is known.
        is_answer = message.text.startswith("Failed to load resource: the server responded")
        # On a slow machine a preloaded font may be used only some seconds later.
        is_late = "was preloaded using link preload but not used within a few seconds" in message.text
        if not is_answer and not is_late:
            self.complaints.append(f"{message.location.get('url')}: {message.text}")

    def _failed(self, request: Request) -> None:
        if request.failure != MOVED_ON:
            self.complaints.append(f"{request.method} {request.url}: {request.failure}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self._allowed:
            self.complaints.append(f"{response.request.method} {response.url}: {response.status}")
