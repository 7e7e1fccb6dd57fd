"""Pages made by assembly as trees of elements (JSON), given to Sphinx as its own nodes: themed, indexed, searchable."""

import json
from html import escape
from pathlib import Path

from citing import Citation
from docutils import nodes
from sphinx.util.docutils import SphinxDirective

VOID = {"input", "br"}


class element(nodes.TextElement):  # noqa: N801  docutils names nodes in lower case
    """An HTML element with its attributes, holding text and other nodes."""


class Tree(SphinxDirective):
    """The directive `{tree} page.json`, beside the page."""

    required_arguments = 1

    def run(self):
        """Return the nodes of the tree."""
        _, path = self.env.relfn2path(self.arguments[0])
        return [to_node(json.loads(Path(path).read_text(encoding="utf-8")))]


def to_node(tree):
    """Return one docutils node; sections and headings become docutils' own, so that contents lists know them."""
    if isinstance(tree, str):
        return nodes.Text(tree)
    tag, attributes, children = tree
    inside = [to_node(child) for child in children]
    if tag == "section":
        return nodes.section("", *inside, ids=[attributes["id"]])
    if tag in ("h1", "h2", "h3"):
        return nodes.title("", "", *inside)
    return element("", "", *inside, tag=tag, attributes=attributes)


def visit_element(self, node):
    """Write the opening tag."""
    attributes = "".join(f' {name}="{escape(value)}"' for name, value in node["attributes"].items())
    self.body.append(f"<{node['tag']}{attributes}>")


def depart_element(self, node):
    """Write the closing tag."""
    if node["tag"] not in VOID:
        self.body.append(f"</{node['tag']}>")


def bare_contents(app, doctree):
    """Leave only words in contents lists: a mark in a heading would repeat its address there."""
    for made in list(app.env.tocs[app.env.docname].findall(element)):
        made.parent.replace(made, [nodes.Text(made.astext())])


def mark_method(app, doctree):
    """Give a section its class where assembly left the tag of a notebook's cell as a comment."""
    for comment in list(doctree.findall(nodes.comment)):
        if comment.astext() == "tag: method":
            comment.parent["classes"].append("method")
            comment.parent.remove(comment)


def mend_buttons(app, pagename, templatename, context, doctree):
    """Offer only what helps: notebooks to download or launch, other pages to print."""
    run = pagename.removeprefix("notebooks/")
    for group in context.get("header_buttons", []):
        if group.get("label") == "launch-buttons" and run not in app.config.apparatus_notebooks:
            for button in group["buttons"]:  # the run of a notebook by another name: open the folder
                button["url"] = button["url"].rsplit("/", 1)[0]
        if group.get("label") == "download-buttons" and run == pagename:
            group["buttons"] = [button for button in group["buttons"] if button["label"] != "download-source-button"]


def setup(app):
    """Register the directives, the node and the hooks."""
    app.add_config_value("apparatus_notebooks", [], "env")
    app.add_config_value("apparatus_repository", "", "env")
    app.add_node(element, html=(visit_element, depart_element))
    app.add_directive("tree", Tree)
    app.add_directive("citation", Citation)
    app.connect("doctree-read", mark_method)
    app.connect("doctree-read", bare_contents, priority=900)
    app.connect("html-page-context", mend_buttons, priority=900)
    app.add_js_file("reader.js", loading_method="defer")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
