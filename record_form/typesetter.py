"""The program that sets one sheet: JSON on its standard input, the PDF on its standard output.

`record_form.pdf` runs it in a process of its own: what typst does to hostile text (panic, endless work, all the
memory) ends here. It knows neither the desk nor its settings.
"""

from __future__ import annotations

import json
import resource
import sys

import typst


def main() -> None:
    """Limit this process, then set the sheet."""
    order = json.load(sys.stdin)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (order["seconds"], order["seconds"]))
    resource.setrlimit(resource.RLIMIT_AS, (order["memory"], order["memory"]))
    # No font of the system: the same sheet looks the same on every machine.
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=order["fonts"])
    compiler = typst.Compiler(
        order["template"], root=order["root"], font_paths=fonts, sys_inputs={"sheet": order["sheet"]}
    )
    pdf = compiler.compile(format="pdf", timestamp=order["timestamp"])
    assert isinstance(pdf, bytes)
    sys.stdout.buffer.write(pdf)


if __name__ == "__main__":
    main()
