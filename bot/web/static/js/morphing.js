// What a refresh leaves alone: the reply box that she is writing in, what she has unfolded and chosen, and the button
// that she has just pressed.
const HERS = ["open", "aria-expanded", "checked", "disabled"];
const { callbacks } = Idiomorph.defaults;

callbacks.beforeNodeMorphed = (node) => !(node instanceof Element && node.hasAttribute("data-keep"));
callbacks.beforeAttributeUpdated = (name) => !HERS.includes(name);
