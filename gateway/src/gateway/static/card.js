// The card's forms: picking people and units; a passkey's signature before a decision that asks for one; what is being typed is kept.
import "onnara/editor/fields.js";
import "onnara/editor/kept.js";
import "onnara/editor/decision.js";
