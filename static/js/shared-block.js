// Seats for friends: when their time is up the server says what became of them.

document.addEventListener("marquee:time-is-up", () => window.location.replace(window.location.href));
