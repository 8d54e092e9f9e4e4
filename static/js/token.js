// A colour of the present theme by the name of its token, for charts: colours are light-dark() pairs, which only an
// element resolves.
export function token(name) {
  const probe = document.createElement("i");
  probe.hidden = true;
  document.body.append(probe);
  probe.style.color = `var(${name})`;
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
}
