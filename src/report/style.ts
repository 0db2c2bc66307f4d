/** The report's style sheet. Colours of the lines are those of Okabe and Ito (2008), which are told apart with any kind of sight; dashes do it on paper. */

const LIGHT = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#8c6d00', '#3f8fc4', '#5b5b5b', '#7a3b9c', '#a0522d']
const DARK = ['#56b4e9', '#e69f00', '#2ac79a', '#e79ac8', '#f0e442', '#9bd0f5', '#c0c0c0', '#c79be6', '#d89a78']
const DASHES = ['none', '7 3', '2 2', '9 3 2 3', '5 2 5 2 1 2', '1 3', '12 3', '4 4', '8 2 1 2']

const variables = (colours: readonly string[]): string => colours.map((colour, i) => `--s${i}:${colour}`).join(';')

export const STYLE: string = [
  `:root{color-scheme:light dark;--ink:#1a1a1a;--dim:#5c5c5c;--paper:#fff;--rule:#d9d9d9;--good:#00604a;--note:#6b4e00;--kept:#00538a;--bad:#b00020;${variables(LIGHT)}}`,
  `@media (prefers-color-scheme:dark){:root{--ink:#e8e8e8;--dim:#a8a8a8;--paper:#16181b;--rule:#3a3d41;--good:#63d6b2;--note:#f0c860;--kept:#7cc4f2;--bad:#ff8a80;${variables(DARK)}}}`,
  'body{font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);max-width:1100px;margin:2em auto;padding:0 1em}',
  'h1,h2,h3{line-height:1.2}h2{margin-top:2em}.lead{font-size:1.15em}.note,.tick{color:var(--dim)}.note{font-size:.87em;max-width:75ch;margin:.4em 0;overflow-wrap:anywhere}',
  '.wide{overflow-x:auto}table{border-collapse:collapse;font-variant-numeric:tabular-nums}th,td{padding:.3em .8em;text-align:right;border-bottom:1px solid var(--rule);white-space:nowrap}',
  'th:first-child,td:first-child,td:nth-child(2):last-child,th:nth-child(2):last-child{text-align:left}td:nth-child(2):last-child{white-space:normal}th{font-weight:600}',
  '.charts{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(320px,100%),1fr));gap:1em}figure{margin:0}svg{width:100%;height:auto;overflow:visible}',
  'svg text{font:10px system-ui,sans-serif;fill:var(--ink)}svg .title{font-weight:600;font-size:11px}svg .tick{fill:var(--dim)}.grid{stroke:var(--rule);stroke-width:.6}',
  '.line{fill:none;stroke-width:1.6}circle.line{fill:currentColor}.band{stroke:none;opacity:.16}',
  ...DASHES.map((dash, i) => `.line.s${i}{stroke:var(--s${i});stroke-dasharray:${dash}}.band.s${i}{fill:var(--s${i})}`),
  '.legend span{margin-right:1.2em;white-space:nowrap}.legend svg{width:28px;height:10px;vertical-align:middle}',
  'article{border-left:3px solid var(--rule);padding-left:1em;margin:1.2em 0}article b{font-weight:600;color:var(--dim);display:block;font-size:.85em}',
  '.prefix{color:var(--kept)}.diagnosis{color:var(--note)}.correction{color:var(--good)}.warning{color:var(--bad);font-weight:600}pre{overflow-x:auto;font-size:.85em}',
  '@media print{body{max-width:none}details{display:block}figure,article,table{break-inside:avoid}}',
].join('\n')
