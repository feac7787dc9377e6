// What desk-typed.js keeps on this computer, for one account: on every admin page, because saving leads to another one.
"use strict";

const deskKept = (() => {
  const PREFIX = "desk-typed:";
  const LONGEST = 30 * 24 * 60 * 60 * 1000;
  const account = document.querySelector("meta[name=desk-account]")?.content;
  const own = `${PREFIX}${account}:`;

  // A browser may have no room, or keep nothing in a private window: then nothing is kept, and nothing else breaks.
  function quietly(deed) {
    try {
      return deed();
    } catch {
      return null;
    }
  }

  const read = (key) => quietly(() => JSON.parse(localStorage.getItem(key)));
  const write = (key, kept) => quietly(() => localStorage.setItem(key, JSON.stringify(kept)));
  const remove = (key) => quietly(() => localStorage.removeItem(key));
  const keys = () => quietly(() => Object.keys(localStorage).filter((key) => key.startsWith(PREFIX))) ?? [];

  function forgetOld() {
    keys().filter((key) => !(read(key)?.at > Date.now() - LONGEST)).forEach(remove);
  }

  // The server names the page whose form it saved. Other pages' messages don't tell: they may be of something else.
  const SAVED = /(?:^|; )desk-saved=([^;]*)/;
  const savedPage = () => decodeURIComponent(document.cookie.match(SAVED)?.[1] ?? "");
  const forgetPage = () => { document.cookie = "desk-saved=; Max-Age=0; path=/; SameSite=Strict"; };

  // What an earlier save told must not count for this one.
  function sent(key) {
    forgetPage();
    quietly(() => sessionStorage.setItem(PREFIX, key));
  }

  function forgetSaved() {
    const key = quietly(() => sessionStorage.getItem(PREFIX));
    quietly(() => sessionStorage.removeItem(PREFIX));
    if (key && key === own + quietly(savedPage)) {
      remove(key);
      forgetPage();
    }
  }

  function forgetOwn() {
    keys().filter((key) => key.startsWith(own)).forEach(remove);
  }

  if (account) {
    forgetOld();
    forgetSaved();
    document.getElementById("logout-form")?.addEventListener("submit", () => {
      document.dispatchEvent(new Event("desk:logout"));
      forgetOwn();
    });
  }
  return { key: own + location.pathname, read, write, remove, sent };
})();
