/* What old libraries do to the objects of the language, and some more. */
Object.prototype.polluted = "by the page";
Object.prototype.toJSON = function () { return "an object"; };
Array.prototype.toJSON = function () { return "an array"; };
String.prototype.toJSON = function () { return "a string"; };
Date.prototype.toJSON = function () { return "a date"; };
Array.prototype.extra = function () {};
Array.prototype.entries = function () { return this.slice(); };
Array.from = function (list) { return list ? [].slice.call(list) : []; };
String.prototype.strip = String.prototype.trim;
Element.prototype.show = Element.prototype.hide = function () { return this; };
window.el = window.icon = window.chat = window.Panel = "taken";
