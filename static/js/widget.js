// <marquee-showtimes theater="london">: a theater's showtimes on another site, in its letters and colors. Tickets are sold
// on the theater's own pages, where every time leads. It speaks the language of the page around it (lang="de"), else that of the
// browser. What stands inside the element stays when nothing can be shown.
(() => {
  const origin = new URL(document.currentScript.src).origin;
  const DAYS = 7;
  const STYLE = `
    :host { display: block }
    section { margin-block-end: 1em }
    h3 { font: inherit; font-weight: bold; margin: 0 }
    ul { list-style: none; margin: 0; padding: 0 }
    ul ul { display: inline }
    li { padding-block: .25em }
    li li { display: inline-block; margin-inline-start: 1em; min-block-size: 1.5em }
    a { color: inherit }
    small { opacity: .85 }`;

  function make(name, properties, ...children) {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...children.filter(Boolean));
    return element;
  }

  function time(showtime) {
    const notes = [showtime.night, showtime.format === "2D" ? "" : showtime.format, showtime.status_label || showtime.price_label];
    const label = make("time", { dateTime: showtime.starts_at }, showtime.time_label);
    const place = showtime.bookable ? make("a", { href: showtime.url, target: "_top" }, label) : make("s", {}, label);
    return make("li", {}, place, " ", make("small", {}, notes.filter(Boolean).join(", ")));
  }

  function movie(showtimes) {
    const { title, url } = showtimes[0].movie;
    return make("li", {}, make("a", { href: url, target: "_top" }, title), make("ul", {}, ...showtimes.map(time)));
  }

  function day(showtimes, lang) {
    // A program of several movies has the address of its first one, and a title of its own.
    const movies = Map.groupBy(showtimes, ({ movie }) => `${movie.url} ${movie.title}`);
    return make("section", { lang }, make("h3", {}, showtimes[0].day_label), make("ul", {}, ...[...movies.values()].map(movie)));
  }

  class MarqueeShowtimes extends HTMLElement {
    async connectedCallback() {
      const page = `${origin}/theaters/${encodeURIComponent(this.getAttribute("theater") ?? "")}/`;
      if (!this.textContent.trim()) this.append(make("a", { href: page, target: "_top" }, page));
      try {
        const [language] = (this.closest("[lang]")?.lang ?? "").split("-");
        const asked = language ? `?hl=${encodeURIComponent(language)}` : "";
        const answer = await fetch(`${page}showtimes.json${asked}`, { credentials: "omit" });
        if (answer.ok) this.show((await answer.json()).showtimes, answer.headers.get("content-language") ?? "");
      } catch {
        // No network, or a site that is not on the list: the link stays.
      }
    }

    show(showtimes, language) {
      if (!showtimes.length || this.shadowRoot) return;
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(STYLE);
      const days = [...Map.groupBy(showtimes, (showtime) => showtime.day).values()];
      const shown = days.slice(0, Number(this.getAttribute("days")) || DAYS).map((showtimes) => day(showtimes, language));
      // Last: from here on what stands inside the element is not seen any more.
      const root = this.attachShadow({ mode: "open" });
      root.adoptedStyleSheets = [sheet];
      root.append(...shown);
    }
  }

  if (!customElements.get("marquee-showtimes")) customElements.define("marquee-showtimes", MarqueeShowtimes);
})();
