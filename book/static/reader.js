// Offers to copy what is there to be copied.
for (const block of navigator.clipboard ? document.querySelectorAll(".copied") : []) {
  const copy = Object.assign(document.createElement("button"), { type: "button", textContent: "Copy" });
  const words = block.textContent.trim();
  copy.onclick = () => navigator.clipboard.writeText(words).then(() => (copy.textContent = "Copied"));
  block.append(copy);
}

// Shows the passage that the address names: #START-END, in code points of the text as received.
(() => {
  const blocks = [...document.querySelectorAll("[data-start]")];
  if (!blocks.length) return;
  const source = location.pathname.split("/").pop().replace(/\.html$/, "");
  const bar = document.body.appendChild(document.createElement("div"));
  bar.className = "address";
  bar.setAttribute("role", "status");

  const statements = [...document.querySelectorAll("li[data-places]")].map((item) => ({
    item,
    places: item.dataset.places.split(" ").map((place) => place.split("-").map(Number)),
  }));

  const clear = () => {
    for (const mark of document.querySelectorAll("mark.here")) {
      const parent = mark.parentNode;
      mark.replaceWith(...mark.childNodes);
      parent.normalize();
    }
    bar.replaceChildren();
  };

  // The text nodes of a block with the offset of each; JavaScript counts UTF-16 units, addresses count code points.
  const pieces = (block) => {
    const found = [];
    const words = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
    for (let at = +block.dataset.start; words.nextNode(); ) {
      const points = [...words.currentNode.data];
      found.push({ node: words.currentNode, at, points });
      at += points.length;
    }
    return found;
  };

  const wrap = ({ node, at, points }, start, end) => {
    const units = (count) => points.slice(0, Math.max(0, count)).join("").length;
    const [from, to] = [units(start - at), units(end - at)];
    if (from >= to) return [];
    const mark = document.createElement("mark");
    mark.className = "here";
    const words = node.splitText(from);
    words.splitText(to - from);
    words.replaceWith(mark);
    mark.append(words);
    return [mark];
  };

  const say = (start, end, marks) => {
    const note = marks[0].closest("[title]")?.title ?? marks[0].querySelector("[title]")?.title ?? "";
    const address = Object.assign(document.createElement("code"), { textContent: `${source}:${start}-${end}` });
    bar.replaceChildren(address, note && ` ${note}`);
    const resting = statements.filter(({ places }) => places.some(([from, to]) => from < end && start < to));
    if (resting.length) {
      const list = document.createElement("ul");
      list.append(...resting.map(({ item }) => item.cloneNode(true)));
      const opened = document.createElement("details");
      const count = `${resting.length} statement${resting.length > 1 ? "s" : ""} of this book rest${resting.length > 1 ? "" : "s"} on it`;
      opened.addEventListener("toggle", () => marks[0].scrollIntoView({ block: "start", behavior: "instant" }));
      opened.append(Object.assign(document.createElement("summary"), { textContent: count }), list);
      bar.append(opened);
    }
    if (!navigator.clipboard) return;
    const copy = Object.assign(document.createElement("button"), { type: "button", textContent: "Copy address" });
    copy.onclick = () => navigator.clipboard.writeText(address.textContent).then(() => (copy.textContent = "Copied"));
    address.after(" ", copy);
  };

  const show = () => {
    clear();
    const [, start, end] = (location.hash.match(/^#(\d+)-(\d+)$/) ?? []).map(Number);
    if (!(start < end)) return;
    const inside = blocks.filter((block, at) => {
      const next = blocks[at + 1];
      return +block.dataset.start < end && !(next && +next.dataset.start <= start);
    });
    const marks = inside.flatMap(pieces).flatMap((piece) => wrap(piece, start, end));
    if (!marks.length) {
      bar.replaceChildren(`This text has no passage ${start}-${end}.`);
      return;
    }
    say(start, end, marks);
    marks[0].tabIndex = -1;
    marks[0].focus({ preventScroll: true });
    return marks[0];
  };

  const go = () => show()?.scrollIntoView({ block: "center", behavior: "instant" });

  document.addEventListener("click", (event) => {
    const at = event.target.closest?.("[data-at]")?.dataset.at;
    if (!at || !getSelection().isCollapsed) return;
    history.pushState(null, "", `#${at}`); // not location.hash: what is clicked stays where it is
    show();
  });
  addEventListener("hashchange", go);
  addEventListener("load", go); // not earlier: the browser's own jump to the address takes the focus away
})();
