// What a refresh leaves alone: the reply box that she is writing in, and what she has unfolded.
const { callbacks } = Idiomorph.defaults;

callbacks.beforeNodeMorphed = (node) => !(node instanceof Element && node.hasAttribute("data-keep"));
callbacks.beforeAttributeUpdated = (name) => name !== "open" && name !== "aria-expanded";
