// Seats for friends: when their time is up the server says what became of them.

import { reload } from "./page.js";

document.addEventListener("marquee:time-is-up", reload);
