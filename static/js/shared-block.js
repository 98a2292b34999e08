// Seats for friends: when their time is over the page asks the server for their state.

import { reload } from "./page.js";

document.addEventListener("marquee:time-is-up", reload);
