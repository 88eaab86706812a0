// Item marks of official documents, eight levels: 1. 가. 1) 가) (1) (가) ① ㉮ (시행규칙 2).
const GANADA = "가나다라마바사아자차카타파하".split("");
const CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳".split("");
const CIRCLED_GANADA = "㉮㉯㉰㉱㉲㉳㉴㉵㉶㉷㉸㉹㉺㉻".split("");

const FORMS = [
  { pattern: /^(\d{1,3})\. /, number: Number, write: (n) => `${n}. ` },
  { pattern: /^([가나다라마바사아자차카타파하])\. /, number: (t) => GANADA.indexOf(t) + 1, write: (n) => GANADA[n - 1] && `${GANADA[n - 1]}. ` },
  { pattern: /^(\d{1,3})\) /, number: Number, write: (n) => `${n}) ` },
  { pattern: /^([가나다라마바사아자차카타파하])\) /, number: (t) => GANADA.indexOf(t) + 1, write: (n) => GANADA[n - 1] && `${GANADA[n - 1]}) ` },
  { pattern: /^\((\d{1,3})\) /, number: Number, write: (n) => `(${n}) ` },
  { pattern: /^\(([가나다라마바사아자차카타파하])\) /, number: (t) => GANADA.indexOf(t) + 1, write: (n) => GANADA[n - 1] && `(${GANADA[n - 1]}) ` },
  { pattern: /^([①-⑳]) /, number: (t) => CIRCLED.indexOf(t) + 1, write: (n) => CIRCLED[n - 1] && `${CIRCLED[n - 1]} ` },
  { pattern: /^([㉮-㉻]) /, number: (t) => CIRCLED_GANADA.indexOf(t) + 1, write: (n) => CIRCLED_GANADA[n - 1] && `${CIRCLED_GANADA[n - 1]} ` },
];
// Each level stands two blanks further right (시행규칙 2); blanks that do not collapse.
const BLANKS = "\u00a0\u00a0";

export const LEVELS = FORMS.length;

// { level, number, length } of the mark a text begins with; null when it begins with none. length: blanks and mark.
export function markOf(text) {
  const blanks = /^[\s\u00a0]*/.exec(text)[0];
  const rest = text.slice(blanks.length);
  for (let level = 0; level < FORMS.length; level += 1) {
    const found = FORMS[level].pattern.exec(rest);
    if (found) return { level, number: FORMS[level].number(found[1]), length: blanks.length + found[0].length };
  }
  return null;
}

// The mark of a level and number with its blanks; "" when the level has no such number.
export function writeMark(level, number) {
  const mark = FORMS[level] && FORMS[level].write(number);
  return mark ? BLANKS.repeat(level) + mark : "";
}

// Number that comes next on a level, from the texts above: goes on after its own level, begins anew below a higher one.
export function nextNumber(texts, level) {
  for (let at = texts.length - 1; at >= 0; at -= 1) {
    const mark = markOf(texts[at]);
    if (!mark) continue;
    if (mark.level === level) return mark.number + 1;
    if (mark.level < level) return 1;
  }
  return 1;
}
