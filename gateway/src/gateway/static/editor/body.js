// The body editor: exactly the XHTML subset of the exchange standard. What is pasted is cut down to it by the schema.
import { baseKeymap, chainCommands, toggleMark } from "prosemirror-commands";
import { history, redo, undo } from "prosemirror-history";
import { InputRule, inputRules } from "prosemirror-inputrules";
import { keymap } from "prosemirror-keymap";
import { DOMParser as ModelParser, DOMSerializer, Schema } from "prosemirror-model";
import { liftListItem, sinkListItem, splitListItem, wrapInList } from "prosemirror-schema-list";
import { EditorState, TextSelection } from "prosemirror-state";
import * as tables from "prosemirror-tables";
import { EditorView } from "prosemirror-view";
import { LEVELS, markOf, nextNumber, writeMark } from "onnara/editor/numbering.js";

const ALIGNS = ["left", "center", "right"];
const alignOf = (dom) => {
  const align = dom.getAttribute("align") || dom.style.textAlign;
  return ALIGNS.includes(align) ? align : null;
};
const cellNodes = tables.tableNodes({
  tableGroup: "block",
  cellContent: "block+",
  cellAttributes: { align: { default: null, getFromDOM: alignOf, setDOMAttr: (value, attrs) => { if (value) attrs.align = value; } } },
});
// A cell's width in pixels is a matter of the screen, not of the document.
for (const name of ["table_cell", "table_header"]) {
  const write = cellNodes[name].toDOM;
  cellNodes[name].toDOM = (node) => {
    const made = write(node);
    delete made[1]["data-colwidth"];
    delete made[1].style;
    return made;
  };
}

export const schema = new Schema({
  nodes: {
    doc: { content: "block+" },
    paragraph: {
      content: "inline*", group: "block", attrs: { align: { default: null } },
      parseDOM: ["p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "blockquote", "dt", "dd"].map((tag) => ({ tag, getAttrs: (dom) => ({ align: alignOf(dom) }) })),
      toDOM: (node) => ["p", node.attrs.align ? { align: node.attrs.align } : {}, 0],
    },
    ordered_list: { content: "list_item+", group: "block", parseDOM: [{ tag: "ol" }], toDOM: () => ["ol", 0] },
    bullet_list: { content: "list_item+", group: "block", parseDOM: [{ tag: "ul" }], toDOM: () => ["ul", 0] },
    list_item: { content: "paragraph block*", parseDOM: [{ tag: "li" }], toDOM: () => ["li", 0], defining: true },
    image: {
      inline: true, group: "inline", draggable: true, attrs: { src: {}, alt: { default: "" } },
      parseDOM: [{ tag: "img[src]", getAttrs: (dom) => (/^[^/\\:]+\.(png|jpe?g|gif)$/i.test(dom.getAttribute("src")) ? { src: dom.getAttribute("src"), alt: dom.alt } : false) }],
      toDOM: (node) => ["img", { src: node.attrs.src, alt: node.attrs.alt }],
    },
    text: { group: "inline" },
    ...cellNodes,
  },
  marks: {
    b: { parseDOM: [{ tag: "b" }, { tag: "strong" }, { style: "font-weight", getAttrs: (value) => /^(bold(er)?|[6-9]00)$/.test(value) && null }], toDOM: () => ["b", 0] },
    i: { parseDOM: [{ tag: "i" }, { tag: "em" }, { style: "font-style=italic" }], toDOM: () => ["i", 0] },
    u: { parseDOM: [{ tag: "u" }, { style: "text-decoration=underline" }], toDOM: () => ["u", 0] },
    sub: { parseDOM: [{ tag: "sub" }], toDOM: () => ["sub", 0], excludes: "sup" },
    sup: { parseDOM: [{ tag: "sup" }], toDOM: () => ["sup", 0], excludes: "sub" },
  },
});

function parsed(html) {
  const place = document.implementation.createHTMLDocument("").createElement("div");
  place.innerHTML = html;
  return ModelParser.fromSchema(schema).parse(place, { preserveWhitespace: "full" });
}

// The body as XHTML: every element closed, attributes quoted, no name spaces.
function written(doc) {
  const holder = document.implementation.createDocument("http://www.w3.org/1999/xhtml", "div", null);
  const fragment = DOMSerializer.fromSchema(schema).serializeFragment(doc.content, { document: holder });
  holder.documentElement.appendChild(fragment);
  return new XMLSerializer().serializeToString(holder.documentElement)
    .replace(/^<div[^>]*>|<\/div>$|<div[^>]*\/>$/g, "").replace(/ xmlns="[^"]*"/g, "");
}

const paragraphOf = (state) => {
  const { $from } = state.selection;
  return $from.parent.type === schema.nodes.paragraph && $from.depth === 1 ? $from : null;
};
const textsAbove = (state, $from) => {
  const texts = [];
  for (let index = 0; index < $from.index(0); index += 1) texts.push(state.doc.child(index).textContent);
  return texts;
};

// Enter behind an item goes on with the next mark; on an empty item it ends the enumeration.
function nextItem(state, dispatch) {
  const $from = paragraphOf(state);
  const mark = $from && markOf($from.parent.textContent);
  if (!mark || !state.selection.empty || $from.parentOffset < mark.length) return false;
  if (dispatch) {
    if ($from.parent.textContent.length <= mark.length) dispatch(state.tr.delete($from.start(), $from.end()));
    else {
      const text = writeMark(mark.level, mark.number + 1);
      dispatch(state.tr.split($from.pos).insertText(text).scrollIntoView());
    }
  }
  return true;
}

// Tab and Shift+Tab move an item one level down or up and number it anew.
const shiftItem = (by) => (state, dispatch) => {
  const $from = paragraphOf(state);
  const mark = $from && markOf($from.parent.textContent);
  if (!mark) return false;
  const level = mark.level + by;
  if (level < 0 || level >= LEVELS) return true;
  const text = writeMark(level, nextNumber(textsAbove(state, $from), level));
  if (dispatch && text) dispatch(state.tr.insertText(text, $from.start(), $from.start() + mark.length));
  return true;
};

const markRule = new InputRule(/^(1\.|가\.|1\)|가\)|\(1\)|\(가\)|①|㉮) $/, (state, match, start, end) => {
  const $at = state.doc.resolve(start);
  if ($at.depth !== 1) return null;
  const mark = markOf(`${match[1]} `);
  return state.tr.insertText(writeMark(mark.level, mark.number), start, end);
});

const newTable = (rows, columns) => (state, dispatch) => {
  const { table, table_row: row, table_cell: cell, table_header: header } = schema.nodes;
  const made = table.create(null, Array.from({ length: rows }, (_, at) =>
    row.create(null, Array.from({ length: columns }, () => (at === 0 ? header : cell).createAndFill()))));
  if (dispatch) dispatch(state.tr.replaceSelectionWith(made).scrollIntoView());
  return true;
};
const setAlign = (align) => (state, dispatch) => {
  const { from, to } = state.selection;
  const change = state.tr;
  state.doc.nodesBetween(from, to, (node, at) => {
    if (node.type === schema.nodes.paragraph) change.setNodeMarkup(at, null, { ...node.attrs, align });
  });
  if (dispatch) dispatch(change);
  return true;
};

export const commands = {
  undo, redo,
  bold: toggleMark(schema.marks.b), italic: toggleMark(schema.marks.i), underline: toggleMark(schema.marks.u),
  sub: toggleMark(schema.marks.sub), sup: toggleMark(schema.marks.sup),
  bullets: wrapInList(schema.nodes.bullet_list), numbers: wrapInList(schema.nodes.ordered_list),
  left: setAlign(null), center: setAlign("center"), right: setAlign("right"),
  table: newTable(3, 3), "row-after": tables.addRowAfter, "row-delete": tables.deleteRow,
  "column-after": tables.addColumnAfter, "column-delete": tables.deleteColumn,
  merge: tables.mergeCells, split: tables.splitCell, header: tables.toggleHeaderCell, "table-delete": tables.deleteTable,
};

// An editor in a place. image(name): address of an image by its file name. changed(html): after every change.
export function bodyEditor(place, { html, label, image, changed, describedBy }) {
  const keys = {
    Enter: chainCommands(nextItem, splitListItem(schema.nodes.list_item)),
    Tab: chainCommands(tables.goToNextCell(1), sinkListItem(schema.nodes.list_item), shiftItem(1)),
    "Shift-Tab": chainCommands(tables.goToNextCell(-1), liftListItem(schema.nodes.list_item), shiftItem(-1)),
    "Mod-b": commands.bold, "Mod-i": commands.italic, "Mod-u": commands.underline,
    "Mod-z": undo, "Mod-y": redo, "Shift-Mod-z": redo,
    // Tab stays inside the editor while one writes items; Escape leaves it for the keyboard.
    Escape: (state, dispatch, view) => { view.dom.blur(); document.querySelector("[data-after-body]")?.focus(); return true; },
  };
  const state = EditorState.create({
    doc: parsed(html || "<p></p>"),
    plugins: [inputRules({ rules: [markRule] }), keymap(keys), keymap(baseKeymap), history(), tables.tableEditing()],
  });
  const view = new EditorView(place, {
    state,
    attributes: { role: "textbox", "aria-multiline": "true", "aria-label": label, "aria-describedby": describedBy || "", class: "body-text sheet-body", lang: "ko", spellcheck: "true" },
    nodeViews: {
      image(node) {
        const dom = document.createElement("img");
        dom.alt = node.attrs.alt;
        dom.src = image(node.attrs.src);
        return { dom };
      },
    },
    dispatchTransaction(transaction) {
      view.updateState(view.state.apply(transaction));
      if (transaction.docChanged) changed(written(view.state.doc));
    },
  });
  return {
    view,
    html: () => written(view.state.doc),
    set(text) {
      const doc = parsed(text);
      view.dispatch(view.state.tr.replaceWith(0, view.state.doc.content.size, doc.content));
    },
    run(name) {
      commands[name](view.state, view.dispatch, view);
      view.focus();
    },
    can: (name) => commands[name](view.state),
    insertImage(name, alt) {
      view.dispatch(view.state.tr.replaceSelectionWith(schema.nodes.image.create({ src: name, alt })));
    },
    // Puts the cursor into the paragraph with this number.
    goTo(number) {
      const at = Math.min(number, view.state.doc.childCount - 1);
      let position = 0;
      for (let index = 0; index < at; index += 1) position += view.state.doc.child(index).nodeSize;
      view.dispatch(view.state.tr.setSelection(TextSelection.near(view.state.doc.resolve(position + 1))).scrollIntoView());
      view.focus();
    },
  };
}
