"""What the trials ask the page: its form, what stands in it, and by which buttons it can be sent."""

from __future__ import annotations

# Each takes the form's name: that form, its fields that show, and the buttons by which it can be sent.
FORM = """name => {
  const named = new RegExp(`^${name}(-[A-Z\\\\d-]+)?$`);
  return [...document.forms].find(one => named.test(one.elements.opened_form?.value.replace(/-[^-]*$/, '') ?? '!'));
}"""
PARTS = f"""
const formOf = {FORM};
const seen = one => one.checkVisibility() && !one.disabled && one.getAttribute('aria-disabled') !== 'true';
const buttonsOf = form => [...form.elements].filter(one => one.type === 'submit' && seen(one));
const typedIn = form => [...form.elements].filter(one => one.matches('input, textarea, select') && seen(one)
  && !['hidden', 'submit', 'file', 'search'].includes(one.type) && !one.matches('[role=combobox]'));
"""
UNFOLD = (
    f"name => {{ {PARTS} const form = formOf(name); if (!form) return false;"
    " for (let at = form.parentElement; at; at = at.parentElement) if (at.tagName === 'DETAILS') at.open = true;"
    " form.querySelectorAll('details').forEach(one => { one.open = true; }); return true; }"
)
FILL = f"""([name, values]) => {{ {PARTS}
  for (const [field, given] of Object.entries(values)) {{
    const wanted = [given].flat().map(String);
    for (const one of [...formOf(name).elements].filter(one => one.name === field && one.type !== 'hidden')) {{
      if (['radio', 'checkbox'].includes(one.type)) one.checked = wanted.includes(one.value);
      else if (one.tagName === 'SELECT') for (const each of one.options) each.selected = wanted.includes(each.value);
      else if (['INPUT', 'TEXTAREA'].includes(one.tagName)) one.value = given;
      else continue;
      one.dispatchEvent(new Event('input', {{ bubbles: true }}));
      one.dispatchEvent(new Event('change', {{ bubbles: true }}));
    }}
  }}
}}"""
SHOWN = f"""([name, fields]) => {{ {PARTS}
  const form = formOf(name);
  return form && !document.querySelector('.htmx-request') ? fields.map(field => {{
    const found = [...form.elements].filter(one => one.name === field && !['hidden', 'submit'].includes(one.type));
    const ticked = found.filter(one => one.checked).map(one => one.value);
    return ['radio', 'checkbox'].includes(found[0]?.type) ? ticked : found.map(one => one.value);
  }}) : null;
}}"""
FACTS = f"""name => {{ {PARTS}
  const form = formOf(name), buttons = buttonsOf(form), ways = buttons.filter(one => 'way' in one.dataset);
  const shows = one => [...one.querySelectorAll('kbd')].map(each => each.textContent.trim()).join('') === 'Ctrl↵';
  const line = typedIn(form).find(one => one.matches('input') && ['text', 'tel', 'email', 'number'].includes(one.type));
  const main = buttons.find(one => one.matches('.btn-primary')) ?? buttons[0];
  form.dataset.tried = '';
  buttons.forEach((one, index) => {{ one.dataset.at = index; }});
  if (line) line.dataset.line = '';
  typedIn(form)[0]?.setAttribute('data-first', '');
  return {{
    key: form.elements.opened_form.value, action: new URL(form.getAttribute('action') ?? '', location.href).href,
    buttons: buttons.map(one => ({{ name: one.name, value: one.value, way: 'way' in one.dataset,
      letter: /^[a-z]$/.test(one.dataset.key ?? '') ? one.dataset.key : '' }})),
    main: buttons.indexOf(main), line: Boolean(line), first: typedIn(form).length > 0,
    byKey: ways.length ? -1 : buttons.length === 1 ? 0 : buttons.findIndex(shows), walks: 'walks' in form.dataset,
  }};
}}"""
CHOSEN = "[...document.querySelectorAll('[data-tried] [aria-pressed=true]')].map(one => one.value)"
SENT = f"""([name, at]) => {{ {PARTS}
  const form = formOf(name), data = new FormData(form, form.querySelector(`[data-at="${{at}}"]`));
  return [...data].filter(([, value]) => typeof value === 'string');
}}"""
FORGET = "() => Object.keys(localStorage).forEach(key => key.startsWith('draft:') && localStorage.removeItem(key))"
LEAVE = "() => window.dispatchEvent(new Event('pagehide'))"
DRAFTS = "() => Object.keys(localStorage).filter(key => key.startsWith('draft:'))"
