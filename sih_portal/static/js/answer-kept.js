// What was typed into the questionnaire and is not saved yet, kept in this browser under the response it belongs to.
// On pages without fields it says which sections still hold such entries.
"use strict";

const answerKept = (() => {
  const PREFIX = "answer:";
  const LONGEST = 90 * 24 * 60 * 60 * 1000;

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
  const keys = (start) => quietly(() => Object.keys(localStorage).filter((key) => key.startsWith(PREFIX + start))) ?? [];
  const keyOf = (response, section, code) => `${PREFIX}${response}:${section}:${code}`;

  function forgetOld() {
    keys("").filter((key) => !(read(key)?.at > Date.now() - LONGEST)).forEach(remove);
  }

  // What was sent by the press of a button that the server says it has heard. Others may be on their way, or lost.
  function forgetSent(response, press) {
    if (press) keys(`${response}:`).filter((key) => read(key)?.press === press).forEach(remove);
  }

  // Other institutions' entries stay: this computer may be theirs too.
  function forgetResponse(response) {
    keys(`${response}:`).forEach(remove);
  }

  function sectionsOf(response) {
    return [...new Set(keys(`${response}:`).map((key) => key.split(":")[2]))];
  }

  return { read, write, remove, keyOf, forgetOld, forgetSent, forgetResponse, sectionsOf };
})();

answerKept.forgetOld();

{
  const notice = document.getElementById("answer-unsent");
  if (notice) answerKept.forgetSent(notice.dataset.response, notice.dataset.press);
  const sections = notice ? answerKept.sectionsOf(notice.dataset.response) : [];
  sections.forEach((section, place) => {
    const href = `${location.pathname.match(/^.*\/answer\//)[0]}${section}/`;
    const link = Object.assign(document.createElement("a"), { href, textContent: section });
    notice.append(place ? " · " : "", link);
  });
  if (sections.length) notice.hidden = false;

  const leave = document.getElementById("answer-leave");
  leave?.addEventListener("submit", () => {
    if (leave.dataset.response) answerKept.forgetResponse(leave.dataset.response);
  });
}
