"""The style sheet of pages: on a screen of any width, light or dark, and on paper."""

from scenarios.report.inks import DARK

SHEET = """
:root { color-scheme: light dark; --ink: #1b1d20; --ground: #ffffff; --faint: #5d636b; --line: #c9cdd2; --shade: #f3f4f6;
  --link: #0b5ea8; --mind: #8a4b00 }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e6e9; --ground: DARK; --faint: #a3a9b1; --line: #43484f;
  --shade: #212429; --link: #7db8f0; --mind: #f0b35e } }
* { box-sizing: border-box }
html { -webkit-text-size-adjust: 100% }
body { margin: 0 auto; padding: 1.5rem 1rem 3rem; max-width: 68rem; background: var(--ground); color: var(--ink);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif; overflow-wrap: anywhere }
h1 { margin: 0; font-size: 1.7rem; line-height: 1.2 }
h2 { margin: 2.5rem 0 .5rem; padding-top: .5rem; border-top: 1px solid var(--line); font-size: 1.2rem; line-height: 1.3 }
p { margin: .5rem 0; max-width: 46rem }
a { color: var(--link) }
.of { margin: .3rem 0 0; color: var(--faint) }
.findings { margin-top: 1.25rem }
.findings p:first-child { font-size: 1.15rem }
aside { margin: 1.25rem 0; padding: .25rem 0 .25rem 1rem; border-left: .25rem solid var(--mind); max-width: 46rem }
aside ul { margin: 0; padding: 0; list-style: none }
aside li { margin: .3rem 0 }
nav { margin: 1.5rem 0 0 }
nav ol { margin: 0; padding: 0; display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; list-style: none }
nav a { display: inline-block; padding: .2rem 0 }
.parts { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 1.5rem 2rem; margin-top: 1rem; align-items: start }
.wide, .table { grid-column: 1 / -1 }
figure { margin: 0; min-width: 0 }
.drawn svg { display: block; width: 100%; max-width: calc(var(--width) * 1.2); height: auto; overflow: visible }
figcaption { margin-top: .4rem; font-size: .875rem; color: var(--faint); max-width: 46rem }
figcaption b, caption b { color: var(--ink) }
.save { white-space: nowrap; padding: 0 .2rem }
.scroll { overflow-x: auto; overflow-y: hidden }
.long { max-height: min(40rem, 80vh); overflow-y: auto }
.long thead th { position: sticky; top: 0; background: var(--ground); box-shadow: 0 1px var(--ink) }
.near { display: none }
table { border-collapse: collapse; font-size: .9375rem; font-variant-numeric: tabular-nums }
caption { padding: 0 0 .4rem; text-align: left; font-size: .875rem; color: var(--faint) }
caption span { display: block; position: sticky; left: 0; max-width: min(46rem, 100vw - 2rem) }
th, td { padding: .25rem 1rem .25rem 0; text-align: left; vertical-align: top; unicode-bidi: isolate; font-weight: normal;
  overflow-wrap: normal; max-width: 30rem }
th:last-child, td:last-child { padding-right: 0 }
thead th { border-bottom: 1px solid var(--ink); font-weight: 600; vertical-align: bottom }
tbody tr { border-bottom: 1px solid var(--line) }
.number { text-align: right }
td.number, tbody .short { white-space: nowrap }
.words { min-width: 10rem }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }
footer { margin-top: 3rem; border-top: 1px solid var(--line); font-size: .875rem; color: var(--faint) }
@media (max-width: 48rem) { .parts { grid-template-columns: minmax(0, 1fr) } .wide svg { min-width: min(var(--width), 34rem) } }
@media screen and (max-width: 48rem) { .far { display: none } .near { display: block } .near svg { min-width: 0 } }
@media print {
  :root { color-scheme: light; --ink: #000; --ground: #fff; --faint: #333; --line: #999; --shade: #fff; --link: #000; --mind: #000 }
  @page { margin: 16mm }
  html { font-size: 10pt }
  body { max-width: none; padding: 0 }
  nav, .save, .more { display: none }
  h1, h2, caption, section:not(.findings) > p { break-after: avoid }
  h2 { margin-top: 1.5rem }
  figure, tr, aside { break-inside: avoid }
  thead { display: table-header-group }
  .scroll { overflow: visible; max-height: none }
  .long thead th { position: static; box-shadow: none }
  table { font-size: 8pt }
  th, td { padding-right: .6rem }
  td.number, tbody .short { white-space: normal }
  .words { min-width: 0 }
  caption span { max-width: none }
  .drawn svg { min-width: 0 }
  p, li { orphans: 3; widows: 3 }
}
""".strip().replace("DARK", DARK)
